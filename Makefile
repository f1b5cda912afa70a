# Nothing to install first: any Python from 3.8 on and make. See README.md.
PYTHON ?= $(shell command -v python3 || command -v python)
HILO := $(PYTHON) launcher.py
DEV := $(PYTHON) launcher.py --dev
WORKERS ?= 2

.PHONY: run test test-sqlite test-postgres check messages format conformance-engines bench bench-diagnose help

run: ## start Hilo (PORT=8000, HILO_DATA=.data)
	@$(HILO) hilo run

test: ## the whole suite, on SQLite and then on PostgreSQL
	@status=0; \
	$(MAKE) --no-print-directory test-sqlite || status=1; \
	$(MAKE) --no-print-directory test-postgres || status=1; \
	exit $$status

test-sqlite:
	@HILO_TEST_DB=sqlite $(DEV) pytest -q -n $(WORKERS) --dist loadfile $(ARGS)

test-postgres:
	@HILO_TEST_DB=postgres $(DEV) pytest -q -n $(WORKERS) --dist loadfile $(ARGS)

conformance-engines: ## a million events: the same answers from arrays, DuckDB and PostgreSQL
	@HILO_ENGINE_EVENTS=1000000 HILO_TEST_DB=sqlite $(DEV) pytest -q tests/insight/engines
	@HILO_ENGINE_EVENTS=1000000 HILO_TEST_DB=postgres $(DEV) pytest -q tests/insight/engines

check: ## style, types, layers, templates, migrations, translations
	@$(DEV) python tools/check.py

messages: ## bring the .po files up to date with the code
	@$(DEV) python tools/messages.py

format: ## let ruff arrange the code
	@$(DEV) ruff check --fix
	@$(DEV) ruff format

bench: ## web, import, memory, page weight and browser on the large demo (SIZE=medium, COMPARE=old.json)
	@$(DEV) python -m benchmarks.web --size $(or $(SIZE),large) $(if $(COMPARE),--compare $(COMPARE))

bench-diagnose: ## CPU and memory of a diagnosis beside pm4py's (SIZES="1 5 20" millions of events)
	@$(DEV) python -m benchmarks.diagnose

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'
