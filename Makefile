# Two commands are enough: `make run` and `make test`. Each does its own set-up.
.DEFAULT_GOAL := help
.PHONY: help install run test quick fmt check docs bench lock
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
QUICK := tests/test_house.py tests/manifest tests/widgets $(addprefix tests/plugin/,facts incoming revenue rules text view)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help: ## Show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sidelight needs Python 3.11 or newer; set PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Sidelight …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable . 2>/dev/null || $(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

install: $(VENV)/run.stamp ## Set up Sidelight, and say how to call it
	@echo 'Sidelight is ready. So that this shell finds the command `sidelight`:'
	@echo '  export PATH="$(CURDIR)/$(BIN):$$PATH"'

run: $(VENV)/run.stamp ## Start the demo on http://127.0.0.1:8321
	@$(BIN)/sidelight demo

test: $(VENV)/test.stamp ## Run every test: unit, PostgreSQL, Valkey, browser
	@$(BIN)/python -m tests.find_chromium
	@$(BIN)/python -m tests.find_nginx
	@$(BIN)/python tests/get_client_sdks.py
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

quick: $(VENV)/test.stamp ## What to run while working: lint, and tests without servers or browsers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python -m pytest --quiet --numprocesses auto --dist loadfile $(QUICK)

fmt: $(VENV)/test.stamp ## Format, and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

check: $(VENV)/test.stamp ## Lint, types, import contracts, docs
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/interrogate --quiet tests
	@$(BIN)/python docs/build.py --check

docs: $(VENV)/test.stamp ## Rewrite the generated tables
	@$(BIN)/python docs/build.py

bench: $(VENV)/test.stamp ## Measure, side by side, as ratios
	@$(BIN)/python -m bench

lock: ## Pin dependencies anew (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	@uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-emit-package sidelight -c requirements.lock -o requirements-test.lock
