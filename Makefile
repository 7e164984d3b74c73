# Recipes of the project. `make` alone lists them.

VENV ?= .venv
BIN := $(VENV)/bin
T ?=

.PHONY: help setup fmt lint test promises fuzz docs bench compat entries \
	licences check native sanitize fuzz-native sanitize-views fuzz-views \
	growth-views large hostile mutants sanitize-archives fuzz-archives \
	sanitize-emulator fuzz-emulator

help:  ## list the recipes
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

setup:  ## make .venv with everything for tests and checks
	sh tools/setup.sh dev

fmt:  ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint:  ## format, rules, types, import contracts, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

test:  ## every test but the promises; T=path for one file
	$(BIN)/python -m pytest -q $(if $(T),$(T),tests --ignore=tests/promises)

promises:  ## what the README promises, on real processes and this kernel
	$(BIN)/python -m pytest -q tests/promises

large:  ## files larger than memory, 8 GiB, with holes
	CLEARWARD_LARGE=8589934592 $(BIN)/python -m pytest -q tests/promises/test_large_files.py

fuzz:  ## every parser's fuzz target for a while; NAME=one, S=seconds each
	$(BIN)/python fuzz/fuzz.py $(NAME)$(F) --seconds $(or $(S),60)

hostile:  ## hostile files of fresh seeds against what is due; N=seeds
	$(BIN)/python fuzz/hostile.py --seeds $(or $(N),2)

mutants:  ## damaged copies of good files, through the jail in bulk; COUNT=files
	$(BIN)/python fuzz/mutants.py --count $(or $(COUNT),3000)

NATIVE := src/clearward/native
CORE := $(filter-out $(NATIVE)/module.c $(NATIVE)/binding%,$(wildcard $(NATIVE)/*.c))
STRICT := -std=c11 -g -Wall -Wextra -Wconversion -Wshadow -Werror -I$(NATIVE)
CHECKED := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
CHANGES ?= 2000

native:  ## build the compiled matcher in place
	$(BIN)/python setup.py -q build_ext --inplace --force

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
VIEWS_CORE := $(filter-out $(VIEWS)/module.c,$(wildcard $(VIEWS)/*.c))
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

.PHONY: # Smaller extensions: each has a target and seeds under fuzz/ of the \
	same name. SMALLER := finder ppmd $(SMALLER:%=sanitize-%) \
	$(SMALLER:%=fuzz-%) .PRECIOUS: build/seeds-% code = $(filter-out \
	%/module.c,$(wildcard $(NATIVE)/$(1)/*.c)) fuzz/$(1)/target.c \
	-I$(NATIVE)/$(1) build/seeds-%: $(BIN)/python fuzz/$*/seeds.py $@ \
	sanitize: $(SMALLER:%=sanitize-%): sanitize-%: $(CC) $(STRICT) \
	$(CHECKED) -o build/$@ $(call code,$*) fuzz/native/driver.c $(CHANGES) \
	build/seeds-$*/* fuzz-native: $(SMALLER:%=fuzz-%): fuzz-%: mkdir -p \
	build/found-$* clang -fsanitize=fuzzer -max_total_time=$(or $(S),60) \
	-timeout=20 -max_len=65536 -artifact_prefix=build/found-$*/ \
	build/seeds-$* EMULATOR $(NATIVE)/emulator EMULATOR_BUILD \
	$(EMULATOR)/module.c,$(wildcard $(EMULATOR)/*.c)) fuzz/emulator/target.c \
	-I$(EMULATOR) build/seeds-emulator: fuzz/emulator/seeds.py sanitize- \
	emulator sanitize-emulator: build/seeds-emulator ## emulator likewise, \
	over changed build/sanitize-emulator $(EMULATOR_BUILD) build/seeds- \
	emulator/* fuzz-emulator fuzz-emulator: by libFuzzer; S=seconds \
	build/found-emulator build/fuzz-emulator -max_len=8192 \
	-artifact_prefix=build/found-emulator/

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

docs:  ## pages that are made from the code are up to date
	$(BIN)/python -m pytest -q tests/house

licences:  ## no dependency is under GPL or AGPL
	$(BIN)/python tools/licences.py constraints.txt

bench:  ## the figures of docs/benchmarks.md; takes some minutes
	$(BIN)/python bench/figures.py

entries:  ## which entries of open archives a scan finds; D=folder of the sets
	$(BIN)/python compat/entries/measure.py $(D)

compat:  ## beside clamscan, on recorded and generated cases; A=options of compat/run.py
	$(BIN)/python compat/run.py --live --generated 45 $(A)

check: lint licences test promises  ## all that CI asks for
