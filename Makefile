# make demo   the whole job on one real diary; says where its pages are, and which simulated trials there are
# make test   the tests
# make lint   style, types, floors
# make docs   the documentation as a site
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

# Real diaries that may not be shipped: tests that need them skip, and say so, where they are absent.
ifneq ($(wildcard ../shared/data/expected.json),)
export CLEARDAYS_REFERENCE_DATA ?= $(abspath ../shared/data)
endif

.PHONY: demo test test-slow test-long lint docs benchmark clean
demo: $(VENV)/.core
	@$(BIN)/cleardays demo

test: $(VENV)/.test
	@$(BIN)/python -m pytest -m "not slow and not long" -n auto

test-slow: $(VENV)/.test
	@CLEARDAYS_THOROUGH=1 $(BIN)/python -m pytest -m "not long" -n auto

test-long: $(VENV)/.test
	@$(BIN)/python -m pytest -m long

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(VENV)/.docs
	@$(BIN)/mkdocs build --strict

benchmark: $(VENV)/.core
	@$(BIN)/python benchmarks/response.py
	@$(BIN)/python benchmarks/batch.py --diaries 10000 --numpy 50
	@$(BIN)/python benchmarks/forecasting.py
	@$(BIN)/python benchmarks/screening.py
	@$(BIN)/python benchmarks/kinetics.py
	@$(BIN)/python benchmarks/synthesis.py
	@$(BIN)/python benchmarks/drafting.py
	@$(BIN)/python benchmarks/diary.py --rows 100000
	@$(BIN)/python benchmarks/apple_health.py --megabytes 50
	@$(BIN)/python benchmarks/app_answer.py
	@$(BIN)/python benchmarks/store.py --entries 5000 --people 1000
	@$(BIN)/python benchmarks/app.py --entries 200
	@$(BIN)/python benchmarks/clinic_list.py --people 100

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cleardays needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python pyproject.toml $(wildcard src/cleardays/numerics/kernel/*.[ch])
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.core
	@$(INSTALL) -e '.[test]'
	@touch $@

$(VENV)/.docs: $(VENV)/.core
	@$(INSTALL) -e '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache site cleardays-demo
