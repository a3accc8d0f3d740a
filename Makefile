# The only door to the project: `make` lists what there is.
# Needs Rust, Python 3.11 with pip, Node with npm. Everything else is installed here, below .venvs/ and ui/node_modules/.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# Without bytecode every import of a framework costs three times as much.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PYTHON312 ?= >=3.12
PORT ?= 5000
TOOLS := .venvs/tools
DEMO := .venvs/demo
TEST := .venvs/test
TEST312 := .venvs/test312
TENSORFLOW := .venvs/tensorflow
UV := $(TOOLS)/bin/uv
# A virtual environment of the caller is not ours to build for.
unexport VIRTUAL_ENV

RUST_SOURCES := $(shell git ls-files 'crates/*' 'Cargo.*' 2>/dev/null)
PYTHON_SOURCES := $(shell git ls-files 'python/trackline/*' pyproject.toml 2>/dev/null)
PAGE_SOURCES := $(shell git ls-files 'ui/*' 2>/dev/null)

##@ Use it
.PHONY: help demo ui wheel
help: ## List what there is
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: $(DEMO)/.wheel ## Set up, record the two example scripts, show them in a browser
	$(DEMO)/bin/python examples/xgboost_iris.py
	$(DEMO)/bin/python examples/sklearn_grid.py
	$(DEMO)/bin/trackline ui --port $(PORT)

ui: ui/dist/index.html ## Build the page

wheel: dist/.wheel ## Build the Python wheel, page included
	@ls dist/*.whl

##@ Change it
.PHONY: check test test-rust test-page test-python test-python312 test-e2e tidy bench fuzz soak clean
check: ui/node_modules/.stamp $(TEST)/.wheel ## Formatting, lints, types
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	npm --prefix ui run --silent check
	$(TEST)/bin/python -m mypy
	MYPYPATH=python $(TEST)/bin/python -m mypy.stubtest trackline._native --mypy-config-file pyproject.toml --ignore-disjoint-bases

test: tidy test-rust test-page test-python test-e2e ## Run every test

tidy:
	cargo xtask tidy

test-rust: .venvs/.nextest .venvs/.postgres .venvs/azurite/.ready
	cargo nextest run --workspace

test-page: ui/dist/index.html .venvs/.chromium
	npm --prefix ui test

test-python: $(TEST)/.wheel
	$(TEST)/bin/python -m pytest python/tests

test-python312: $(TEST312)/.wheel
	$(TEST312)/bin/python -m pytest python/tests/observers/python312 python/tests/observers/test_loops.py \
		python/tests/observers/test_loops_of_modules.py python/tests/observers/test_learned.py

test-e2e: $(TEST)/.wheel $(TENSORFLOW)/.wheel .venvs/.chromium .venvs/mlflow-3.6.0/.ready .venvs/mlflow-2.22.5/.ready
	$(TEST)/bin/python -m pytest e2e

bench: $(TEST)/.wheel ## Measure against MLflow, side by side
	$(TEST)/bin/python bench/run.py

fuzz: .venvs/.nextest ## Run the property tests for long
	PROPTEST_CASES=$${CASES:-20000} cargo nextest run --profile long -p trackline-model -p trackline-journal -p trackline-store -E 'test(/prop/)'

soak: .venvs/.nextest ## Run the fault tests for long: ROUNDS=20 of KILLS=1000
	@rounds=$${ROUNDS:-20} failed=0; \
	for round in $$(seq $$rounds); do \
		KILLS=$${KILLS:-1000} PROPTEST_CASES=$${CASES:-2000} cargo nextest run --profile long --no-fail-fast --status-level fail \
			-p trackline-journal -p trackline \
			-E 'package(trackline-journal) + test(/^(deaths|folders|forks|kills|recovery|remote|shutdown|space|threads)/)' \
			|| failed=$$((failed + 1)); \
		echo "soak: round $$round of $$rounds, $$failed failed, $$SECONDS s"; \
	done; \
	[ $$failed = 0 ]

clean: ## Remove what was built (the record in .trackline/ stays)
	rm -rf dist target .venvs ui/dist ui/node_modules

# How things are made.

$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet uv==0.13.9 maturin==1.16.0

ui/node_modules/.stamp: ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund --silent
	touch $@

ui/dist/index.html: ui/node_modules/.stamp $(PAGE_SOURCES)
	npm --prefix ui run --silent build
	touch $@

dist/.wheel: $(UV) ui/dist/index.html $(RUST_SOURCES) $(PYTHON_SOURCES)
	rm -f dist/*.whl
	PATH="$(CURDIR)/$(TOOLS)/bin:$$PATH" $(TOOLS)/bin/maturin build --quiet --release --locked --interpreter $(PYTHON) --out dist
	touch $@

$(DEMO)/.ready: $(UV) examples/requirements.txt
	$(UV) venv --quiet --clear --python $(PYTHON) $(DEMO)
	$(UV) pip install --quiet --python $(DEMO)/bin/python -r examples/requirements.txt
	touch $@

$(TEST)/.ready: $(UV) python/tests/requirements.txt python/tests/overrides.txt examples/requirements.txt
	$(UV) venv --quiet --clear --python $(PYTHON) $(TEST)
	$(UV) pip install --quiet --python $(TEST)/bin/python -r examples/requirements.txt -r python/tests/requirements.txt \
		--overrides python/tests/overrides.txt
	touch $@

# The interpreter that uv finds, or gets.
$(TEST312)/.ready: $(UV) python/tests/observers/python312/requirements.txt
	$(UV) venv --quiet --clear --python '$(PYTHON312)' $(TEST312)
	$(UV) pip install --quiet --python $(TEST312)/bin/python -r python/tests/observers/python312/requirements.txt
	touch $@

# Its h5py is another than that of the tests, and packages that find it import it.
$(TENSORFLOW)/.ready: $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) $(TENSORFLOW)
	$(UV) pip install --quiet --python $(TENSORFLOW)/bin/python tensorflow-cpu==2.21.0 tensorboard==2.21.0
	touch $@

$(DEMO)/.wheel $(TEST)/.wheel $(TENSORFLOW)/.wheel $(TEST312)/.wheel: %/.wheel: %/.ready dist/.wheel
	$(UV) pip install --quiet --python $*/bin/python --reinstall --no-deps dist/*.whl
	touch $@

# Official clients of other versions than the one in the test environment.
.venvs/mlflow-%/.ready: $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) $(@D)
	$(UV) pip install --quiet --python $(@D)/bin/python mlflow-skinny==$* 'pandas<3'
	touch $@

.venvs/.nextest:
	mkdir -p .venvs
	cargo nextest --version >/dev/null 2>&1 || cargo install --quiet --locked cargo-nextest
	touch $@

# Tests start a cluster of their own from Debian's package; no service is touched.
.venvs/.postgres:
	mkdir -p .venvs
	[ -x "$$(pg_config --bindir 2>/dev/null)/initdb" ] || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
		|| { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update -qq; $$SUDO apt-get install -y -qq postgresql; }
	touch $@

.venvs/azurite/.ready: crates/testbucket/azurite/package-lock.json
	mkdir -p $(@D)
	cp crates/testbucket/azurite/package*.json $(@D)
	npm --prefix $(@D) ci --no-audit --no-fund --silent --ignore-scripts
	touch $@

# Debian's package: browsers that test tools download by themselves are not needed.
.venvs/.chromium:
	mkdir -p .venvs
	command -v chromium >/dev/null || { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); $$SUDO apt-get update -qq; $$SUDO apt-get install -y -qq chromium; }
	touch $@
