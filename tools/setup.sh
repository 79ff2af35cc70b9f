#!/usr/bin/env bash
# .venv with exactly the locked libraries, and Airflow's metadata inside the checkout. A second call reuses both.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}
lock=requirements.lock
[ "$want" = dev ] && lock=requirements-dev.lock

python=${PYTHON3:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "onefunnel needs Python 3.11 or newer; $("$python" --version) is $(command -v "$python"). Set PYTHON3=/path/to/python3.12" >&2
  exit 1
}
seal=$(cat "$lock" requirements-setup.lock | sha256sum | cut -c1-16)
# what is installed for tests serves a run as well, as long as both locks are the ones it was made from
run_seal=$(cat requirements.lock requirements-setup.lock | sha256sum | cut -c1-16)
if [ ! -e ".venv/.sealed-$seal" ]; then
  started=$SECONDS
  echo "▸ Install the locked libraries into .venv ($lock; once, about a minute) ..."
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
  # pip is the slower way that knows its user's own index settings
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r "$lock" 2> .venv/uv.log ||
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
  touch ".venv/.sealed-$seal" ".venv/.sealed-$run_seal"
  echo "✓ Installed [$((SECONDS - started)) s]"
fi
if [ ! -e ".airflow/.ready-$run_seal" ]; then
  started=$SECONDS
  echo "▸ Prepare Airflow's metadata in .airflow ..."
  mkdir -p .airflow
  PYTHONPATH=. .venv/bin/python -c 'from onefunnel.run import prepare_airflow; prepare_airflow()' \
    > .airflow/migrate.log 2>&1 || { tail -5 .airflow/migrate.log >&2; exit 1; }
  touch ".airflow/.ready-$run_seal"
  echo "✓ Airflow ready [$((SECONDS - started)) s]"
fi
