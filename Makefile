# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: demo test test-long bench docs lock format clean

demo: $(READY)
	@$(BIN)/expressentry assess examples/people/engineer.toml --on 2024-04-11 --brief
	@$(BIN)/expressentry rounds list --from 2024-03-12 --to 2024-04-11 --on 2024-04-12
	@$(BIN)/expressentry rounds replay examples/people/engineer.toml --submitted 2024-02-20T15:00:00Z --on 2024-04-12
	@echo "Try next: $(BIN)/expressentry profile new   ·   $(BIN)/expressentry --help"

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/expressentry law check
	$(BIN)/python docs/generate.py --check
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

# The long fuzz runs; before an issue is called resolved.
test-long: $(READY)
	$(BIN)/pytest -n auto --dist worksteal -m "long or not long"

bench: $(READY) .venv/.bench
	$(BIN)/python -m bench

docs: $(READY)
	$(BIN)/python docs/generate.py

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "expressentry needs Python 3.11 or newer; set PYTHON=…")'
	@echo "Setting up .venv (once) …" >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.bench: requirements/bench.lock
	@$(PIP) install --require-hashes --requirement requirements/bench.lock
	@touch $@

# Renew the lock files; needs uv on the path.
lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 \
	  pyproject.toml --all-extras --group dev --output-file requirements/dev.lock
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 \
	  --group bench --constraints requirements/dev.lock --output-file requirements/bench.lock

clean:
	rm -rf .venv
