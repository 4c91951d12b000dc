# What to type: `make help`.
.DEFAULT_GOAL := help
.PHONY: help demo test coverage test-fast lint bench bench-cluster soak lock dist clean pictures
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE = # what was compiled once is kept, or every process compiles it again

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

demo: .venv/.installed ## the main job on sample policies and customers, in build/demo/
	@$(BIN)/python -m docs.demo

test: .venv/.installed ## the whole test suite
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

coverage: .venv/.installed ## the same, and which branches no test takes: half as long again
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term $(ARGS)

test-fast: .venv/.installed ## the tests without browser, PostgreSQL and processes, git among them, of edits by hand a fifth: while you change a line
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q -m "not browser and not postgresql and not processes and not soak" $(ARGS)

lint: .venv/.installed ## style, types, who may import whom, one name for each thing, dependencies in use
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry src
	@$(BIN)/python .ci/house.py
	@$(BIN)/vulture src --min-confidence 80

bench: .venv/.installed ## speed and size beside the peers; tables land in benchmarks/results/
	@$(BIN)/python -m benchmarks

bench-cluster: .venv/.installed ## the same of many machines on PostgreSQL: most of an hour
	@$(BIN)/python -m benchmarks cluster

soak: .venv/.installed ## 1,000 seeds of faults and kills against the sender, 1,000 of harmed records, new examples for every law
	@NOTIFIER_EXAMPLES=random $(BIN)/python -m pytest -m soak -n 2 -o addopts="" $(ARGS)
	@NOTIFIER_EXAMPLES=random $(BIN)/python -m pytest -n 2 -q tests/diff tests/text tests/render tests/usecases/test_one_road.py

pictures: .venv/.installed ## the pictures in docs/, made anew
	@$(BIN)/python -m docs.pictures

lock: ## resolve the dependencies anew into requirements.lock
	@test -x $(BIN)/uv || ($(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q uv)
	@$(BIN)/uv pip compile pyproject.toml --group dev --extra cluster --extra import --extra parquet --extra pdf --extra telemetry --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate -q -o requirements.lock
	@! grep -nE '[a-z]+://' requirements.lock

dist: .venv/.installed ## wheel and sdist in dist/, checked, installed alone, and tried by the demo
	@$(BIN)/python .ci/dist.py

.venv/.installed: requirements.lock pyproject.toml
	@echo "setting up .venv (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

clean: ## remove what the other commands made
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .coverage*
