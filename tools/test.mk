# Copyright (C) the project authors

.PHONY: test unit style docs-check fuzz coverage matrix

test:
	@tools/test all

unit:
	@tools/test unit

style:
	@tools/style

docs-check:
	@tools/test docs

fuzz:
	@tools/test fuzz

coverage:
	@tools/test coverage

matrix:
	@tools/matrix
