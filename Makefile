# Two commands are enough: `make run` starts the demo bookshop, `make test` runs every test.
PYTHON ?= python3
VENV := .venv/bin

.PHONY: run setup setup-dev check test test-browser bench lock screenshots

run: setup
	@$(VENV)/sportello demo run

setup:
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

check: setup-dev
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(PYTHON) scripts/lock.py --check

test: setup-dev
	$(VENV)/pytest

test-browser: setup-dev
	$(VENV)/pytest -m browser

bench: setup-dev
	$(VENV)/python -m bench

lock:
	$(PYTHON) scripts/lock.py

screenshots: setup-dev
	$(VENV)/python scripts/screenshots.py
