# make demo   set everything up and assess a real example
# make test   set everything up and run the tests
# make docs   build the documents, offline, into build/site
# Both work on a bare machine with Python 3.11 or newer. The environment lives in .venv and is made once.

SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do if $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then command -v $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test slow lint docs bench clean
.DEFAULT_GOAL := demo

$(STAMP): pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "ruminate needs Python 3.11 or newer; none was found. Install it or call: make PYTHON=/path/to/python3.11"; exit 1; fi
	@echo "Setting up $(VENV) with $(PYTHON) (once; a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --editable . --group test --group lint --group bench
	@touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/ruminate assess data/examples/after_a_session.txt --agenda

test: $(STAMP)
	$(BIN)/python -m pytest -m "not slow"

# What needs more software or more than a few seconds: the site, the examples, the wheel in an empty environment, Dask, Spark, Ray, a browser.
# Java (Debian: openjdk-17-jre-headless) and chromium are used where they are installed; what is left out without them is said (-rs).
slow: $(VENV)/.extras
	$(BIN)/python -m pytest -m slow -rs
	$(BIN)/python -m pytest tests/test_docs.py tests/test_examples.py tests/test_doors.py tests/test_estimators.py tests/test_schema.py -m "not slow"

docs: $(VENV)/.extras
	$(BIN)/python -m mkdocs build --strict

$(VENV)/.extras: $(STAMP)
	@$(BIN)/python -m pip install --quiet --group docs --group examples --group engines build
	@$(BIN)/python -m pip install --quiet "ray[data]>=2.40" 2>/dev/null || echo "Ray can't be installed here; its test is left out."
	@touch $@

lint: $(STAMP)
	$(BIN)/ruff check src tests benchmarks examples
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
