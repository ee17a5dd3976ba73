# Everything a person or a machine does here. `make` lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
# npm and pip share the network and .venv; a line at a time is easier to read and no slower.
.NOTPARALLEL:

PYTHON ?= python3
NPM ?= $(shell command -v npm)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q

# With CI set, only what requirements.lock names, byte for byte.
ifdef CI
PACKAGES := --require-hashes -r requirements.lock
CHECKERS := $(PACKAGES)
EDITABLE := --no-build-isolation
else
PACKAGES := -r requirements.txt
CHECKERS := -r requirements.txt -r requirements-dev.txt
EDITABLE :=
endif

QUICK := not browser and not fault and not slow and not eval
# Two tests at a time; one that is idle takes over of what the other has before it.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal
TREE := geoevents tests tools benchmarks
SOURCES := $(wildcard $(TREE))

.PHONY: help setup serve test check format torture translations screenshots lock clean
.PHONY: built checkers lint types machine

help:  ## list what there is to make
	@grep -hE '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.packages node_modules/.package-lock.json built  ## everything that serving needs, in .venv, node_modules and data/cache

serve: setup  ## serve http://127.0.0.1:8000 with the events of data/ (PORT=8001 for another port)
	@$(BIN)/geoevents serve $(if $(PORT),--port '$(PORT)')

test: setup checkers machine lint types  ## every check; ends with each skipped test and why
	@$(PYTEST)

check: setup checkers lint types  ## before you share a change: all but the browser, fault and slow tests
	@$(PYTEST) --hypothesis-profile quick -m "$(QUICK)"

format: checkers  ## put the code in the one shape
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

torture: setup checkers  ## the tests of faults and of chance, ten times as long
	@GEOEVENTS_TORTURE=10 $(PYTEST) --hypothesis-profile thorough -m "fault or chance or hypothesis" --timeout 7200

translations: checkers  ## bring the sentences of the code into geoevents/translations
	@$(BIN)/python -m tools.translations

screenshots: setup checkers machine  ## take the pictures of README and maps/README
	@$(BIN)/python -m tools.screenshots

lock: checkers  ## requirements.lock and package-lock.json anew, after a change of what is required
	@tools/lock
	@npm install --package-lock-only --loglevel=error >/dev/null

clean:  ## remove what was set up and built; data/private stays
	@rm -rf $(VENV) node_modules data/cache build .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	@find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

checkers: $(VENV)/.checkers

lint: checkers
	@$(BIN)/ruff format --check --quiet --diff $(SOURCES)
	@$(BIN)/ruff check --quiet $(SOURCES)

types: checkers
	@$(BIN)/mypy --no-error-summary

# Each looks at what it is built from and is done in a moment when it has not changed. The first tries but
# once to fetch what GeoNames knows of the region; CI needs no network for it.
built: $(VENV)/.packages node_modules/.package-lock.json
	@$(if $(CI),GEOEVENTS_GEONAMES_URL=off) $(BIN)/geoevents gazetteer add --region --once
	@$(BIN)/python -m geoevents.gazetteers.build
	@$(BIN)/python -m geoevents.cartography.build
	@$(BIN)/python -m compileall -qq geoevents || true  # where Python may not, every start would compile anew

# What tests need of the machine itself; without it they are skipped, and CI fails (tests/conftest.py).
machine:
	@command -v chromium >/dev/null || tools/debian chromium || true
	@[ -d /usr/share/fonts/truetype/noto ] || tools/debian fonts-noto-core || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "geoevents needs Python 3.11 or newer. Run:  make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/debian python3-venv
	@rm -rf $(VENV) && $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.packages: requirements.txt requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the packages of requirements.txt"
	@$(PIP) install $(PACKAGES)
	@$(PIP) install $(EDITABLE) --no-deps -e .
	@touch $@

$(VENV)/.checkers: requirements-dev.txt $(VENV)/.packages
	@echo "Installing the packages of requirements-dev.txt"
	@$(PIP) install $(CHECKERS)
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc | $(BIN)/python
	@echo "Installing the packages of package.json"
	@if [ -n "$(NPM)" ]; then "$(NPM)" ci --loglevel=error >/dev/null; else $(MAKE) --no-print-directory npm-from-wheel; fi
	@touch $@

.PHONY: npm-from-wheel
npm-from-wheel:
	@$(PIP) install --require-hashes -r requirements-node.lock
	@PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 $(BIN)/npm ci --loglevel=error >/dev/null
