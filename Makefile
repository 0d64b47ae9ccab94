PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CORES ?= 2

.PHONY: demo test test-long lint bench browser clean

demo: $(STAMP)
	rm -rf demo
	$(BIN)/mbtg demo --into demo

test: $(STAMP) lint browser
	$(BIN)/python -m pytest -n $(CORES) --dist worksteal

test-long: $(STAMP) browser
	$(BIN)/python -m pytest -n $(CORES) --dist worksteal -m long

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) browser
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m bench

browser: $(STAMP)
	$(BIN)/python -m tests.browser

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group test
	touch $(STAMP)

clean:
	rm -rf $(VENV) demo dist build
