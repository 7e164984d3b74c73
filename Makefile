# Recipes of the project. `make` alone lists them.

VENV ?= .venv
BIN := $(VENV)/bin
T ?=

.PHONY: help setup fmt lint test promises fuzz docs bench licences check

help:  ## list the recipes
	@grep -hE '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 12

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

fuzz:  ## every parser's fuzz target for a while; F=name for one, S=seconds each
	$(BIN)/python fuzz/fuzz.py $(F) --seconds $(or $(S),60)

docs:  ## pages that are made from the code are up to date
	$(BIN)/python -m pytest -q tests/house

licences:  ## no dependency is under GPL or AGPL
	$(BIN)/python tools/licences.py constraints.txt

bench:  ## the figures of docs/benchmarks.md; takes some minutes
	$(BIN)/python bench/figures.py

check: lint licences test promises  ## all that CI asks for
