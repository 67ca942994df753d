# make course: set up, build, serve.   make test: set up, run every test.   Nothing is assumed but Python 3.11, git, make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup-done

.PHONY: course build test bench lint machine lock clean

course: build
	$(BIN)/course open

build: $(SETUP)
	$(BIN)/course build

$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

test: build lint machine
	$(BIN)/python -m pytest -n auto --dist loadfile tests
	$(BIN)/python -m pytest -n auto --dist loadfile --nbval modules

# Timings to read, never a test. One program a line.
bench: $(SETUP)
	$(BIN)/python bench/charts.py
	$(BIN)/python bench/marking.py

lint: $(SETUP)
	$(BIN)/ruff check src tests bench deploy
	$(BIN)/ruff format --check src tests bench deploy

# What the tests use of the machine: browsers, a sandbox, a database. A test says so and skips where one is missing.
PACKAGES := chromium firefox-esr webkit2gtk-driver xvfb bubblewrap postgresql
machine:
	@missing="$$(for one in $(PACKAGES); do dpkg -s $$one >/dev/null 2>&1 || echo $$one; done)"; \
	if [ -z "$$missing" ]; then exit 0; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends $$missing; \
	else echo "The tests need these Debian packages. Run: sudo apt-get install" $$missing >&2; exit 1; fi

lock: $(SETUP)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --generate-hashes --python-version 3.11 -o requirements.lock

clean:
	rm -rf _build
