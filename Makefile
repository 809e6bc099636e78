# The simulator's front door. `make` or `make help` lists what it can do.
# On Windows, or without make, the README gives the same commands.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint fmt clean reset

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## install what is missing, then serve on http://127.0.0.1:8000 (HOST=… PORT=…)
	@$(BIN)/python manage.py serve

test: $(VENV)/.run ## all tests (browser tests want: apt-get install chromium fonts-noto-cjk); ARGS=… is passed on
	$(BIN)/python -m pytest -rs $(ARGS)

lint: $(VENV)/.dev ## ruff, djangofmt, mypy and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check templates
	$(BIN)/djangofmt check templates
	$(BIN)/mypy
	$(BIN)/mypy --config-file singlewindow/clientkit/pyproject.toml
	$(BIN)/lint-imports

fmt: $(VENV)/.dev ## let ruff tidy the code, and djangofmt the templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt check --fix templates
	$(BIN)/djangofmt templates

clean: ## remove the virtual environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

reset: ## remove the database: the next start makes a fresh one
	rm -f var/*.sqlite3 var/*.sqlite3-* var/*.sqlite3.*

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (make PYTHON=/path/to/python3)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python lacks its venv module. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The stamps are older than the requirements exactly when these have changed since the last install.
$(VENV)/.run: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@ $(VENV)/.run
