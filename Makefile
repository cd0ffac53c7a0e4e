# Copyright (C) the project authors

# Everything that is made goes to build/; what "make run" needs while it
# runs is in run/.  How each thing is made is in tools/.

BUILD ?= $(CURDIR)/build
JOBS ?= 2
DESTDIR ?=

export BUILD JOBS

.PHONY: all build
all: build

include tools/build.mk
include tools/test.mk
-include tools/run.mk
-include tools/bench.mk
