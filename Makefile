# Recipes of the project. `make` alone lists them.

VENV ?= .venv
BIN := $(VENV)/bin
T ?=

.PHONY: help setup fmt lint test promises offline sweeps conformance large fuzz \
	hostile mutants attacks native docs \
	licences bench entries compat check benign sanitize fuzz-native \
	sanitize-views fuzz-views growth-views sanitize-archives fuzz-archives

help:  ## list the recipes
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

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

offline:  ## what needs no network, where there is none; as root
	unshare -n $(BIN)/python -m pytest -q tests/core tests/engine tests/jail tests/stores \
		tests/updates tests/faces/cli/test_scan.py tests/faces/cli/test_exclusions.py

sweeps:  ## publish and update, at every call and in every case, not in a sample
	CLEARWARD_EVERY=1 $(BIN)/python -m pytest -q tests/promises/test_publish_kill.py \
		tests/promises/test_publish_keys_kill.py tests/promises/test_publish_token_kill.py \
		tests/promises/test_publish_full_disk.py \
		tests/promises/test_update_kill.py tests/promises/test_non_interference.py \
		tests/faces/cli/test_publish_witnessed.py

conformance:  ## the conformance tests of TUF; TUF_CONFORMANCE=checkout
	VENV=$(VENV) sh tools/conformance.sh

benign:  ## packages of Debian, scanned: DEBS=folder for 1 GB of them
	$(BIN)/python bench/benign.py $(or $(DEBS),build/benign)

large:  ## files larger than memory, 8 GiB, with holes
	CLEARWARD_LARGE=8589934592 $(BIN)/python -m pytest -q tests/promises/test_large_files.py

fuzz:  ## every parser's fuzz target for a while; NAME=one, S=seconds each
	$(BIN)/python fuzz/fuzz.py $(NAME) --seconds $(or $(S),60)

hostile:  ## hostile files of fresh seeds against what is due; N=seeds
	$(BIN)/python fuzz/hostile.py --seeds $(or $(N),2)

mutants:  ## damaged copies of good files, through the jail in bulk; COUNT=files
	$(BIN)/python fuzz/mutants.py --count $(or $(COUNT),3000)

attacks:  ## what stops an attack is taken out, and its tests fail; A=words of a row
	$(BIN)/python tools/attacks.py $(A)

native:  ## build everything that is compiled, in place
	$(BIN)/python setup.py -q build_ext --inplace --force

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

include fuzz/native.mk
