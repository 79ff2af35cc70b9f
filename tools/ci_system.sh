#!/usr/bin/env bash
# The Debian packages that tests need besides Python: PostgreSQL for tests/production and tests/postgres, Java for tests/spark, Chromium and pdfinfo for tests/pages. Does nothing when they are there.
set -euo pipefail
shopt -s nullglob

missing=()
servers=(/usr/lib/postgresql/*/bin/postgres)
[ ${#servers[@]} -gt 0 ] || missing+=(postgresql)
command -v java > /dev/null || missing+=(openjdk-17-jre-headless)
[ -x /usr/bin/chromium ] || missing+=(chromium fonts-noto-core)
command -v pdfinfo > /dev/null || missing+=(poppler-utils)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null; then
  echo "The tests need these Debian packages: ${missing[*]}. Install them as root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "▸ Install Debian packages: ${missing[*]} ..."
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
  tail -n 15 "$log" >&2
  exit 1
fi
rm -f "$log"
echo "✓ Installed ${missing[*]}"
