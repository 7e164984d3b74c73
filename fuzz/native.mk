# The compiled parts under sanitizers and by libFuzzer. Included by the Makefile.

.PHONY: sanitize fuzz-native sanitize-views fuzz-views growth-views sanitize-archives \
	fuzz-archives

NATIVE := src/clearward/native
CORE := $(filter-out $(NATIVE)/module.c $(NATIVE)/binding%,$(wildcard $(NATIVE)/*.c))
STRICT := -std=c11 -g -Wall -Wextra -Wconversion -Wshadow -Werror -I$(NATIVE)
CHECKED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
CHANGES ?= 2000

build/seeds:
	$(BIN)/python fuzz/native/seeds.py $@

sanitize: build/seeds  ## the compiled matcher under ASan and UBSan, over changed images
	$(CC) $(STRICT) $(CHECKED) -o build/sanitize $(CORE) fuzz/native/*.c
	build/sanitize $(CHANGES) build/seeds/*

fuzz-native: build/seeds  ## its check and its matching by libFuzzer; S=seconds
	mkdir -p build/found
	clang $(STRICT) $(CHECKED) -fsanitize=fuzzer -o build/fuzz $(CORE) \
		fuzz/native/target.c fuzz/native/watching.c
	build/fuzz -max_total_time=$(or $(S),60) -artifact_prefix=build/found/ \
		-timeout=20 build/found build/seeds

VIEWS := $(NATIVE)/views
VIEWS_CORE := $(filter-out $(VIEWS)/module.c $(VIEWS)/binding%,$(wildcard $(VIEWS)/*.c))
VIEWS_BUILD := $(VIEWS_CORE) fuzz/views/target.c -I$(VIEWS) -Ibuild/tables

build/tables:
	mkdir -p $@
	$(BIN)/python fuzz/views/seeds.py build/seeds-views $@/view_tables.h

sanitize: sanitize-views
sanitize-views: build/tables  ## the compiled views likewise, over changed pages
	$(CC) $(STRICT) $(CHECKED) -o build/sanitize-views $(VIEWS_BUILD) \
		fuzz/native/driver.c
	build/sanitize-views $(CHANGES) build/seeds-views/*

fuzz-native: fuzz-views
fuzz-views: build/tables  ## the views by libFuzzer; S=seconds
	mkdir -p build/found-views
	clang $(STRICT) $(CHECKED) -fsanitize=fuzzer -o build/fuzz-views $(VIEWS_BUILD)
	build/fuzz-views -max_total_time=$(or $(S),60) -timeout=20 -max_len=65536 \
		-artifact_prefix=build/found-views/ build/found-views build/seeds-views

# Smaller extensions: each has a target and seeds under fuzz/ of the same name.
SMALLER := blocksort emulator finder lists lzms nrv ppmd rows
.PHONY: $(SMALLER:%=sanitize-%) $(SMALLER:%=fuzz-%)
.PRECIOUS: build/seeds-%
code = $(filter-out %/module.c,$(wildcard $(NATIVE)/$(1)/*.c)) fuzz/$(1)/target.c \
	-I$(NATIVE)/$(1)

build/seeds-%:
	$(BIN)/python fuzz/$*/seeds.py $@

sanitize: $(SMALLER:%=sanitize-%)
$(SMALLER:%=sanitize-%): sanitize-%: build/seeds-%
	$(CC) $(STRICT) $(CHECKED) -o build/$@ $(call code,$*) fuzz/native/driver.c
	build/$@ $(CHANGES) build/seeds-$*/*

fuzz-native: $(SMALLER:%=fuzz-%)
$(SMALLER:%=fuzz-%): fuzz-%: build/seeds-%
	mkdir -p build/found-$*
	clang $(STRICT) $(CHECKED) -fsanitize=fuzzer -o build/$@ $(call code,$*)
	build/$@ -max_total_time=$(or $(S),60) -timeout=20 -max_len=65536 \
		-artifact_prefix=build/found-$*/ build/found-$* build/seeds-$*

REPUTATION := src/clearward/reputation
REPUTATION_BUILD := $(filter-out %/module.c,$(wildcard $(REPUTATION)/*.c)) \
	fuzz/reputation/target.c -I$(REPUTATION)
.PHONY: sanitize-reputation fuzz-reputation

sanitize: sanitize-reputation
sanitize-reputation: build/seeds-reputation
	$(CC) $(STRICT) $(CHECKED) -o build/$@ $(REPUTATION_BUILD) fuzz/native/driver.c
	build/$@ $(CHANGES) build/seeds-reputation/*

fuzz-native: fuzz-reputation
fuzz-reputation: build/seeds-reputation
	mkdir -p build/found-reputation
	clang $(STRICT) $(CHECKED) -fsanitize=fuzzer -o build/$@ $(REPUTATION_BUILD)
	build/$@ -max_total_time=$(or $(S),60) -timeout=20 -max_len=65536 \
		-artifact_prefix=build/found-reputation/ build/found-reputation \
		build/seeds-reputation

growth-views:  ## the time of the views grows no faster than hostile text does
	$(BIN)/python fuzz/views/growth.py

ARCHIVES := $(NATIVE)/archives
PYTHON := $(shell $(BIN)/python -c 'import sysconfig as s; v = s.get_config_var; \
	print("-isystem", v("INCLUDEPY"), "-L" + v("LIBDIR"), "-Wl,-rpath," + v("LIBDIR"), \
	"-lpython" + v("LDVERSION"))' 2>/dev/null)
DOOR := $(ARCHIVES)/library.c $(ARCHIVES)/module.c fuzz/archives/target.c -I$(ARCHIVES)
LOOSE := $(filter-out -Wconversion,$(STRICT))
# archi's library is not instrumented, and Python's own memory is never given back.
EMBEDDED = PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0 \
	PYTHONHOME=$(shell $(BIN)/python -c 'import sys; print(sys.base_prefix)') \
	PYTHONPATH=$(shell $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')

build/seeds-archives:
	$(BIN)/python fuzz/archives/seeds.py $@ $(SEEDS)

sanitize: sanitize-archives
sanitize-archives: build/seeds-archives  ## the door to libarchive likewise; SEEDS=folder
	$(CC) $(LOOSE) $(CHECKED) -o build/sanitize-archives $(DOOR) \
		fuzz/native/driver.c $(PYTHON)
	$(EMBEDDED) build/sanitize-archives $(CHANGES) build/seeds-archives/*

fuzz-native: fuzz-archives
fuzz-archives: build/seeds-archives  ## the same by libFuzzer; S=seconds
	mkdir -p build/found-archives
	clang $(LOOSE) $(CHECKED) -fsanitize=fuzzer -o build/fuzz-archives $(DOOR) $(PYTHON)
	$(EMBEDDED) build/fuzz-archives -max_total_time=$(or $(S),60) -timeout=20 \
		-artifact_prefix=build/found-archives/ build/found-archives build/seeds-archives
