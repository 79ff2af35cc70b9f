#!/usr/bin/env bash
# requirements.lock and requirements-dev.lock, resolved together for Python >= 3.11, without index addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
uv() { .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
  --custom-compile-command "make lock" "$@"; }
uv requirements-setup.in -o requirements-setup.lock
uv requirements-dev.in -o requirements-dev.lock
uv requirements.in -c requirements-dev.lock -o requirements.lock
