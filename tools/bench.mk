# Copyright (C) the project authors

# Measurements on private servers; see bench/README.md for the settings.

.PHONY: bench bench-turns bench-peer bench-signin

bench: build
	@bench/run

bench-turns: build
	@bench/turns

bench-peer: build
	@bench/orders

bench-signin: build
	@bench/signin
