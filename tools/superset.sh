#!/usr/bin/env bash
# .superset/venv with the pinned Apache Superset (once, about two minutes); its libraries do not go with onefunnel's own.
set -euo pipefail
cd "$(dirname "$0")/.."
seal=.superset/venv/.sealed-$(sha256sum < bi/requirements.txt | cut -c1-16)
[ -e "$seal" ] && exit 0

python=${PYTHON3:-python3}
"$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' || {
  echo "Apache Superset needs Python 3.10 to 3.12; $("$python" --version) is $(command -v "$python"). Set PYTHON3" >&2
  exit 1
}
started=$SECONDS
echo "▸ Install Apache Superset into .superset/venv ..."
[ -x .superset/venv/bin/python ] || "$python" -m venv .superset/venv
.superset/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r bi/requirements.txt
rm -f .superset/venv/.sealed-*
touch "$seal"
echo "✓ Installed [$((SECONDS - started)) s]"
