# make demo, make test: each works from nothing but Python 3.11 or newer, its venv module and make.
# Everything runs in .venv, built on first use and anew when pyproject.toml, constraints.txt or the folder's place is another:
# the name of the stamp INSTALLED holds a checksum of the three.

SHELL := /bin/sh
PYTHON := python3 python3.13 python3.12 python3.11
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal
INSTALLED := $(VENV)/installed-$(shell { pwd; cat pyproject.toml constraints.txt; } | cksum | cut -d ' ' -f 1)

.PHONY: help install demo serve test coverage postgres chromium lint format constraints clean

help:
	@echo "make demo         plan a real bank's week and say where the report is"
	@echo "make serve        the HTTP API and a worker on this machine; the first start prints a key"
	@echo "make test         lint and the whole test suite"
	@echo "make coverage     the whole test suite, and which lines it runs"
	@echo "make lint         ruff, mypy and the rules of who may import whom"
	@echo "make format       let ruff rewrite the code in our format"
	@echo "make constraints  pin the newest versions that pyproject.toml allows"
	@echo "make clean        remove .venv, out and caches"

install: $(INSTALLED)

demo: $(INSTALLED)
	$(BIN)/paiban plan examples/us-bank --start 2003-10-20 --days 7 --out out/demo --seconds 60
	@echo "The report, for any browser: $(CURDIR)/out/demo/report.html"

serve: $(INSTALLED)
	$(BIN)/paiban serve

# Bytecode is written whatever the environment says: the tests start our command a few times, compiling all of it each time.
test coverage: export PYTHONDONTWRITEBYTECODE :=

# Lint takes a minute of one processor: it runs beside the tests, and what it says is shown below theirs.
test: $(INSTALLED) postgres chromium
	@said=$$(mktemp) && trap 'rm -f "$$said"' EXIT && { $(MAKE) --no-print-directory lint >"$$said" 2>&1 & } && lint=$$! && \
	tests=0 && { $(PYTEST) || tests=$$?; } && linted=0 && { wait $$lint || linted=$$?; } && cat "$$said" && exit $$((tests ? tests : linted))

coverage: $(INSTALLED) postgres chromium
	$(PYTEST) --cov --cov-report=term

# Half of the service's tests run over PostgreSQL. Where we may not install it they are skipped, with the command that would.
postgres:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	    echo "Installing PostgreSQL for the tests" >&2 && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || true

# Tests of the page need a browser; where we may not install it they are skipped, with the command that would.
chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	    echo "Installing Chromium for the tests" >&2 && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || true

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --no-emit-index-url --no-header --extra dev --extra dask --extra ml pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.*

$(INSTALLED):
	@for python in $(PYTHON); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	test -n "$$python" || { echo "Paiban needs Python 3.11 or newer; tried: $(PYTHON). Install one (Debian 12 and newer:" \
	    "apt-get install python3 python3-venv) or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 2; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || { echo "Paiban needs Python's venv module, which $$python lacks." \
	    "Install it: apt-get install python3-venv (as root; on Debian and Ubuntu)" >&2; exit 2; }; \
	echo "Building $(VENV) with $$("$$python" --version): a minute or three, this once" >&2; \
	"$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
