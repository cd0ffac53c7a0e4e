# Copyright (C) the project authors

.PHONY: deps install clean distclean asan

build:
	@tools/build

asan:
	@tools/build asan

deps:
	@tools/install-deps run

# Where the installed nginx looks for its modules; MODULES_PATH overrides.
install: build
	@path=$${MODULES_PATH:-$$(nginx -V 2>&1 | tr ' ' '\n' \
		| sed -n 's/^--modules-path=//p')}; \
	path=$${path:-/usr/lib/nginx/modules}; \
	install -d "$(DESTDIR)$$path" && \
	install -m 644 $(BUILD)/modules/*.so "$(DESTDIR)$$path/" && \
	echo "modules installed in $(DESTDIR)$$path"

clean:
	rm -rf $(BUILD)

distclean: clean
	@if [ -x tools/run ]; then tools/run stop || true; fi
	rm -rf run
