# onefunnel: thin verbs. make run needs Python >= 3.11 with venv; everything else is installed into .venv.
SHELL := /bin/bash
PYTHON := .venv/bin/python
export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help run what-if backtest forecast-trial review serve screenshots test test-spark test-bi superset-bundle trial bench lint \
	setup setup-dev lock clean

help:  ## the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup:  ## .venv with the locked libraries, Airflow's metadata in .airflow (once)
	@tools/setup.sh run

setup-dev:  ## the same, with what the tests and linters need
	@tools/setup.sh dev

# make run SOURCES=path/sources.yml AGREEMENT=dir HOME_DIR=dir AS_OF=2026-03-31T00:00:00Z
run: setup  ## run the pipeline end to end; without SOURCES on the sample company
	@$(PYTHON) -m onefunnel run $(if $(SOURCES),--sources "$(SOURCES)") $(if $(AGREEMENT),--agreement "$(AGREEMENT)") \
		$(if $(HOME_DIR),--home "$(HOME_DIR)") $(if $(AS_OF),--as-of "$(AS_OF)")

# make what-if AGREEMENT=dir HOME_DIR=dir [SOURCES=path/sources.yml] [AS_OF=...]: needs a home that has been run
what-if: setup  ## what the agreement's unsigned drafts would have changed; publishes nothing
	@$(PYTHON) -m onefunnel what-if $(if $(SOURCES),--sources "$(SOURCES)") $(if $(AGREEMENT),--agreement "$(AGREEMENT)") \
		$(if $(HOME_DIR),--home "$(HOME_DIR)") $(if $(AS_OF),--as-of "$(AS_OF)")

# make backtest HOME_DIR=dir [SOURCES=path/sources.yml] [AGREEMENT=dir] [AS_OF=...]: needs a home that has been run
backtest: setup  ## how far off each forecast would have been on your own deals, beside the naive methods; publishes nothing
	@$(PYTHON) -m onefunnel backtest $(if $(SOURCES),--sources "$(SOURCES)") $(if $(AGREEMENT),--agreement "$(AGREEMENT)") \
		$(if $(HOME_DIR),--home "$(HOME_DIR)") $(if $(AS_OF),--as-of "$(AS_OF)")

# make review HOME_DIR=dir: needs a home that has been run
review: setup  ## the weekly revenue review and all other pages of what is published, written again
	@$(PYTHON) -m onefunnel review $(if $(HOME_DIR),--home "$(HOME_DIR)")

# make serve HOME_DIR=dir PORT=8081: until Ctrl-C
serve: setup  ## the review and all other pages at http://127.0.0.1:8081, for this machine alone
	@$(PYTHON) -m onefunnel serve $(if $(HOME_DIR),--home "$(HOME_DIR)") $(if $(PORT),--port "$(PORT)")

# make screenshots HOME_DIR=dir
screenshots: setup-dev  ## docs/*.png of the pages, as Chromium shows them
	@tools/ci_system.sh
	@$(PYTHON) -m tools.screenshots $(HOME_DIR)

test: setup-dev  ## the whole test suite (as root it installs Debian's postgresql and Java when missing)
	@tools/ci_system.sh
	@$(PYTHON) -m pytest -n $(or $(WORKERS),2) $(TESTS)

test-spark: setup-dev  ## the same tables on Apache Spark (Java 17), beside DuckDB's
	@tools/ci_system.sh
	@$(PYTHON) -m pytest -s -m spark tests/spark

superset-bundle: setup  ## the dashboard for Apache Superset as a file to import (UNIT=crore)
	@$(PYTHON) -m bi.build data/onefunnel_superset.zip --unit $(or $(UNIT),crore)

test-bi: setup-dev  ## HOME_DIR's tables in a real PostgreSQL and Superset (installed into .superset), looked at in Chromium
	@tools/ci_system.sh
	@tools/superset.sh
	@$(PYTHON) -m tests.bi "$(or $(HOME_DIR),data)" .superset/pictures
	@cp .superset/pictures/pipeline.png docs/dashboard.png

trial: setup-dev  ## twenty other companies, each with stories and without: are they found by name, and none else (about fifteen minutes)
	@$(PYTHON) -m tests.trial $(SEEDS)

# make forecast-trial SEEDS="1 2 3": the same companies again
forecast-trial: setup-dev  ## twenty companies drawn now, six shapes: the forecast beside the best naive method (half a minute)
	@$(PYTHON) -m tests.forecast_trial $(SEEDS)

# make bench SCALE=1M (or 3M): 20M or 60M touches; 100k leads and 2M touches without it
bench: setup  ## what the models cost at a size, beside one scan of the touches and what one would otherwise take
	@$(PYTHON) -m bench $(or $(SCALE),100k)

lint: setup-dev  ## ruff and sqlfluff
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && tools/lint_sql.sh

lock:  ## resolve requirements.in and requirements-dev.in anew, together
	@tools/lock.sh

clean:  ## remove what setup made; data/ stays
	rm -rf .venv .airflow
