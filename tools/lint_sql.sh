#!/usr/bin/env bash
# sqlfluff over the models, as dbt compiles them; nothing is built.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export ONEFUNNEL_CANDIDATE=$scratch/lint.duckdb DBT_TARGET_PATH=$scratch DBT_LOG_PATH=$scratch DBT_SEND_ANONYMOUS_USAGE_STATS=false
.venv/bin/sqlfluff lint --disable-progress-bar --processes 1 "${@:-dbt_project/models}"
