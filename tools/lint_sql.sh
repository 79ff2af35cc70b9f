#!/usr/bin/env bash
# sqlfluff over the models (or the paths given), as dbt compiles them, in two processes; nothing is built.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DBT_SEND_ANONYMOUS_USAGE_STATS=false

lint() { # its own copy of what dbt writes: two processes in one target folder disturb each other
  local own=$scratch/$1
  shift
  mkdir "$own"
  ONEFUNNEL_CANDIDATE=$own/lint.duckdb DBT_TARGET_PATH=$own DBT_LOG_PATH=$own \
    .venv/bin/sqlfluff lint --disable-progress-bar --processes 1 "$@"
}

mapfile -t models < <(find "${@:-dbt_project/models}" -name '*.sql' | sort)
odd=() even=()
for i in "${!models[@]}"; do
  if ((i % 2)); then odd+=("${models[i]}"); else even+=("${models[i]}"); fi
done
[ ${#odd[@]} -gt 0 ] || { lint one "${even[@]}"; exit; }
lint odd "${odd[@]}" > "$scratch/odd.log" 2>&1 &
failed=0
lint even "${even[@]}" || failed=1
wait $! || failed=1
cat "$scratch/odd.log"
exit $failed
