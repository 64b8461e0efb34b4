# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
RUNS := .venv/.runs
READY := .venv/.ready
# Compiled modules are kept, whatever the shell says: hundreds of commands and both workers of the tests read them.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: backtest bench browser clean demo docs format java lock pictures postgresql quick release site test test-long test-lowest

# What it runs is all that is installed: no tools of tests. Its pool is its own, and gone afterwards.
demo: export EXPRESSENTRY_HOME = $(CURDIR)/.venv/demo
demo: export EXPRESSENTRY_DATABASE =
demo: $(RUNS)
	@rm -rf .venv/demo
	@$(BIN)/expressentry assess examples/people/engineer.toml --on 2024-04-11 --brief
	@$(BIN)/expressentry rounds replay examples/people/engineer.toml --submitted 2024-02-20T15:00:00Z --on 2024-04-12 | sed -n '1p;3p'
	@$(BIN)/expressentry timeline examples/people/engineer.toml --on 2024-04-12 --until 2024-12-31 --brief | sed -n '1p;3p'
	@$(BIN)/expressentry provinces assess examples/provinces/sk-ee-met.toml --on 2026-10-09 --stream sk-ee | sed -n 2p
	@$(BIN)/expressentry pool init --on 2026-10-01
	@$(BIN)/expressentry pool submit examples/people/engineer.toml --person anna --on 2026-10-01
	@$(BIN)/expressentry pool submit examples/people/graduate.toml --person chloe --on 2026-10-01
	@$(BIN)/expressentry pool round issue general 1 --on 2026-10-01 | head -n 1
	@$(BIN)/expressentry pool verify | head -n 1
	@$(BIN)/expressentry simulate compare examples/simulate/autumn.toml examples/simulate/education.toml --seeds 1 --no-calibrations --out $$EXPRESSENTRY_HOME/policy.html 2>/dev/null | sed -n '1h;/anadi/{H;x;s/\n/ · /;s/   *\([0-9.,]*\)   *\([0-9.,]*\) .*/ \1 → \2/p;}'
	@rm -rf .venv/demo
	@echo "Try next: $(BIN)/expressentry profile new   ·   $(BIN)/expressentry --help   ·   the site: $(BIN)/expressentry serve"

QUICK := not (browser or db or docs or long or slow)

# Under a minute: no database, no browser, no page run line by line.
quick: $(READY)
	$(BIN)/pytest -n auto --dist worksteal -m "$(QUICK)"

test: $(READY) browser java
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/expressentry law check
	$(BIN)/python docs/generate.py --check
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

# The long fuzz runs; before an issue is called resolved.
test-long: $(READY) browser java .venv/release/.ready
	EXPRESSENTRY_LONG=1 $(BIN)/pytest -n auto --dist worksteal -m "long or not long"

# The tests of `make quick`, and the slower ones like them, on the lowest versions that pyproject.toml allows, in an environment of their own; needs uv on the path.
test-lowest: LOWEST := .venv/lowest
test-lowest: $(READY)
	@rm -rf $(LOWEST) && $(PYTHON) -m venv $(LOWEST)
	@uv pip compile --quiet --resolution lowest-direct --no-header --no-annotate --python $(LOWEST)/bin/python \
	  pyproject.toml --all-extras --group dev --output-file $(LOWEST)/lowest.txt
	@$(LOWEST)/bin/pip --disable-pip-version-check --quiet install --requirement $(LOWEST)/lowest.txt
	@$(LOWEST)/bin/pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	$(LOWEST)/bin/pytest -n auto -m "not (browser or db or docs or long)"

# The site is tested in the system's Chromium; in CI its absence fails, elsewhere those tests are skipped, and said.
browser: postgresql
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium (once) …" >&2; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
	  echo "No Chromium here: the tests in a browser are SKIPPED; install it to run them" >&2; \
	fi

# Backups are tried on the oldest PostgreSQL that is supported too, which Debian has; in CI its absence fails.
postgresql:
	@test -d /usr/lib/postgresql/15 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL 15 (once) …" >&2; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null; \
	else \
	  echo "No PostgreSQL 15 here: the tests of backups between versions are SKIPPED" >&2; \
	fi

# Spark runs on Java; in CI its absence fails, elsewhere those tests are skipped, and said.
java:
	@command -v java >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Java 17 (once) …" >&2; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	else \
	  echo "No Java here: the tests on Spark are SKIPPED; install Java 17 to run them" >&2; \
	fi

bench: $(READY) browser java .venv/.bench
	$(BIN)/python -m bench

# The reference from the code, then what the written pages show from what their lines print now (PAGES="docs/tutorial.md" for some).
docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/renew.py $(PAGES)
	$(BIN)/python -m tests.reading

# Repeat the backtest of the forecasts: chosen models, scores, tables and pictures; some minutes.
backtest: $(READY)
	$(BIN)/python docs/backtest.py

# The documentation as a site, in both languages, in the folder site/; a link that leads nowhere stops it.
site: .venv/site/.ready
	NO_MKDOCS_2_WARNING=1 .venv/site/bin/mkdocs build --quiet

# Renew the pictures of the site in docs/pictures.
pictures: $(READY) browser
	EXPRESSENTRY_PICTURES=1 $(BIN)/pytest -q tests/web -k pictures

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What `make demo` runs, and the site; the tests need more, Spark (500 MB) among it.
$(RUNS): requirements/run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "expressentry needs Python 3.11 or newer; set PYTHON=…")'
	@echo "Setting up .venv (once) …" >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# All else: every extra, and the tools of the tests.
$(READY): requirements/dev.lock $(RUNS)
	@echo "Setting up .venv for the tests (once) …" >&2
	@$(PIP) install --require-hashes --requirement requirements/dev.lock
	@touch $@

.venv/release/.ready: requirements/release.lock
	@$(PYTHON) -m venv .venv/release
	@.venv/release/bin/pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/release.lock
	@touch $@

.venv/site/.ready: requirements/site.lock
	@$(PYTHON) -m venv .venv/site
	@.venv/site/bin/pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/site.lock
	@touch $@

# Build the wheel and the sdist, check them, and install the wheel in fresh environments (tests/release/matrix.py).
# The changelog is only shown: `towncrier build --yes` writes it and takes its fragments away, once, before the tag.
release: $(READY) .venv/release/.ready
	@$(BIN)/towncrier build --draft >/dev/null || { echo "a fragment in changelog.d/ is wrong" >&2; exit 1; }
	$(BIN)/python -m tests.release.matrix
	@v=$$($(BIN)/python -c 'from expressentry.version import VERSION; print(VERSION)'); \
	echo "dist/ is ready. Then:"; \
	echo "  $(BIN)/towncrier build --yes && git commit -am \"Release $$v\""; \
	echo "  git tag --sign --message \"expressentry $$v\" v$$v && git push origin v$$v"; \
	echo "  make release && .venv/release/bin/twine upload dist/*"

.venv/.bench: requirements/bench.lock
	@$(PIP) install --require-hashes --requirement requirements/bench.lock
	@touch $@

COMPILE := uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11

# Renew the lock files; needs uv on the path.
lock:
	$(COMPILE) pyproject.toml --all-extras --group dev --output-file requirements/dev.lock
	$(COMPILE) pyproject.toml --extra charts --extra lab --extra pool --extra web --group build \
	  --constraints requirements/dev.lock --output-file requirements/run.lock
	$(COMPILE) --group release --output-file requirements/release.lock
	$(COMPILE) --group site --output-file requirements/site.lock
	$(COMPILE) --group bench --constraints requirements/dev.lock --output-file requirements/bench.lock

clean:
	rm -rf .venv
