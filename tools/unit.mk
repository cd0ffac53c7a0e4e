# Copyright (C) the project authors
#
# C unit tests and fuzz targets: our sources as a library, nginx's core as
# another (build/asan/libnginx.a), so that tests run on true pools, strings
# and trees and there is no shim to drift.
#
#   make -f tools/unit.mk unit           builds and runs t/unit/*.c
#   make -f tools/unit.mk unit T=json_read
#   make -f tools/unit.mk fuzz-build     builds t/fuzz/*.c with clang
#
# A test is linked with what it uses, so it can be run while an unrelated
# source does not compile; "unit" as a whole then still fails.

BUILD ?= $(CURDIR)/build
ASAN := $(BUILD)/asan
SOURCE := $(ASAN)/nginx-1.22.1

SRCS := $(wildcard ngx_app_*.c src/*/*.c)
T ?= *
TESTS := $(basename $(notdir $(wildcard t/unit/$(T).c)))
TARGETS := $(basename $(notdir $(wildcard t/fuzz/$(T).c)))

UNIT := $(BUILD)/unit
FUZZ := $(BUILD)/fuzz

# what "config" asks for
LIBS := $(shell sed -n '/_libs=/s/.*=//p' config | grep -o -e '-l[^ "]*' \
	| sort -u)
INCS := -Isrc -It $(addprefix -I,$(shell \
	grep -o '/usr/include/[^ "]*' config | sort -u)) \
	$(shell pkg-config --cflags-only-I vips) \
	$(addprefix -I$(SOURCE)/src/,core event event/modules os/unix http \
	http/modules http/v2) -I$(ASAN)/core

NGX_LIBS := -lcrypt -lpcre2-8 -lssl -lcrypto -lz -ldl -lpthread

WARN := -W -Wall -Wpointer-arith -Wno-unused-parameter -Wshadow -Wvla \
	-Wmissing-prototypes -Wstrict-prototypes \
	-Wdeclaration-after-statement -Wcast-qual -Wformat=2 -Werror

# as tools/build has them for the modules
UBSAN := undefined -fno-sanitize-recover=undefined \
	-fno-sanitize=nonnull-attribute,alignment,pointer-overflow,shift

CFLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer -DNGX_DEBUG_PALLOC=1 \
	$(INCS) -MMD -MP
UNIT_FLAGS := $(CFLAGS) $(WARN) -fsanitize=address,$(UBSAN)

CLANG ?= clang
FUZZ_FLAGS := $(CFLAGS) -w -fsanitize=address,fuzzer-no-link,$(UBSAN)

.PHONY: unit unit-objs fuzz-objs fuzz-build
.SECONDARY:
.DELETE_ON_ERROR:

$(UNIT)/obj/%.o: %.c
	@mkdir -p $(dir $@)
	@$(CC) $(UNIT_FLAGS) -c -o $@ $<

$(FUZZ)/obj/%.o: %.c
	@mkdir -p $(dir $@)
	@$(CLANG) $(FUZZ_FLAGS) -c -o $@ $<

unit-objs: $(SRCS:%.c=$(UNIT)/obj/%.o)
fuzz-objs: $(SRCS:%.c=$(FUZZ)/obj/%.o)

# Made anew each time, of what did compile: an object of a source that is no
# more must not stay in it.  It is replaced only by another one, so that
# tests are not linked again for nothing.
.PHONY: FORCE
$(UNIT)/libapp.a: FORCE
	@mkdir -p $(UNIT)
	@$(MAKE) -s -k -f tools/unit.mk unit-objs || true
	@rm -f $@.new
	@ar rcs $@.new $$(for f in $(SRCS:%.c=$(UNIT)/obj/%.o); do \
		[ -f $$f ] && echo $$f; done)
	@cmp -s $@.new $@ || mv $@.new $@

$(FUZZ)/libapp.a: FORCE
	@mkdir -p $(FUZZ)
	@$(MAKE) -s -k -f tools/unit.mk fuzz-objs || true
	@rm -f $@.new
	@ar rcs $@.new $$(for f in $(SRCS:%.c=$(FUZZ)/obj/%.o); do \
		[ -f $$f ] && echo $$f; done)
	@cmp -s $@.new $@ || mv $@.new $@

$(UNIT)/bin/%: $(UNIT)/obj/t/unit/%.o $(UNIT)/libapp.a $(ASAN)/libnginx.a
	@mkdir -p $(dir $@)
	@$(CC) -fsanitize=address,undefined -o $@ $< -Wl,--start-group \
		$(UNIT)/libapp.a $(ASAN)/libnginx.a -Wl,--end-group \
		-lcmocka $(LIBS) $(NGX_LIBS)

$(FUZZ)/bin/%: $(FUZZ)/obj/t/fuzz/%.o $(FUZZ)/libapp.a $(ASAN)/libnginx.a
	@mkdir -p $(dir $@)
	@$(CLANG) -fsanitize=address,undefined,fuzzer -o $@ $< \
		-Wl,--start-group $(FUZZ)/libapp.a $(ASAN)/libnginx.a \
		-Wl,--end-group $(LIBS) $(NGX_LIBS)

# An exit status other than 0 is a failed test or a sanitizer's report, also
# a leak's; TAP goes to the terminal.
unit: $(TESTS:%=$(UNIT)/bin/%)
	@failed=; for t in $(TESTS); do \
		echo "# unit $$t"; \
		CMOCKA_MESSAGE_OUTPUT=TAP \
		LSAN_OPTIONS=suppressions=t/suppressions/lsan.supp:print_suppressions=0 \
		UBSAN_OPTIONS=print_stacktrace=1 \
		timeout 120 $(UNIT)/bin/$$t || failed="$$failed $$t"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed" >&2; exit 1; fi
	@$(MAKE) -s -f tools/unit.mk unit-objs

fuzz-build: $(TARGETS:%=$(FUZZ)/bin/%)
	@$(MAKE) -s -f tools/unit.mk fuzz-objs

-include $(wildcard $(UNIT)/obj/*.d $(UNIT)/obj/src/*/*.d \
	$(UNIT)/obj/t/unit/*.d $(FUZZ)/obj/*.d $(FUZZ)/obj/src/*/*.d \
	$(FUZZ)/obj/t/fuzz/*.d)
