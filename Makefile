# One entry point for a person, the hook and CI. `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
HOME_DIR := $(or $(PUBLICVALUE_HOME),.publicvalue)
# Test processes side by side: one more than there are processors, as many wait on servers and browsers; at most four. A file stays with one, which makes what its tests share once.
WORKERS := $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$(( n > 3 ? 4 : n + 1 )))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run serve dev up test check format lock bench soak clean

help: ## List what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# The environment is rebuilt when the lock or the project file changes. Versions and hashes come from the lock alone.
# Bytecode is compiled afterwards, on all processors; a package may hold templates that do not compile, which harms nothing.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Public Value needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes --requirement requirements.lock
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP) ## Set up, then run the main job on the embedded sample (ARGS='--mirror DIR' for your own files)
	$(BIN)/publicvalue run $(ARGS)
	@echo 'Here publicvalue is $(BIN)/publicvalue; make serve browses the release.'

serve: $(STAMP) ## Browse the newest release in Datasette (ARGS='--port 8001')
	$(BIN)/publicvalue serve $(ARGS)

dev: $(STAMP) ## Dagster's web pages on localhost: assets, runs, checks (ARGS='--port 3000')
	$(BIN)/publicvalue dev $(ARGS)

up: $(STAMP) ## Site, Dagster and its daemon together, kept running (ARGS='--live')
	$(BIN)/publicvalue up $(ARGS)

test: $(STAMP) ## Set up, then run all tests
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: $(STAMP) ## Lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP) ## Put the code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(STAMP) ## Work out requirements.lock anew from pyproject.toml (needs uv on the path)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras --extra dev pyproject.toml --output-file requirements.lock

bench: $(STAMP) ## Measure the speeds that the documentation states, at full size (SIZE=small for a quick look)
	$(BIN)/python -m benchmarks $(or $(SIZE),full)

soak: $(STAMP) ## Simulate days of fetching with faults and kills, and prove that nothing is lost (DAYS=60)
	$(BIN)/python -m benchmarks.soak $(or $(DAYS),60)

clean: ## Remove the environment, caches and the home with its releases
	rm -rf $(VENV) $(HOME_DIR) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
