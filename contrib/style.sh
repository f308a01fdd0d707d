#!/usr/bin/env bash
# What test.sh checks of the sources themselves: style.sh clang-format|shellcheck|rules
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
folders=(base model probes rules journal exporter app tests)

case ${1:-} in
  clang-format)
    unformatted=$(find "${folders[@]}" \( -name '*.cc' -o -name '*.h' \) -print0 |
      xargs -0 clang-format --dry-run 2>&1 | grep -oE '^[a-z0-9_/]+\.(cc|h):' | sort -u || true)
    [[ -z $unformatted ]] || { printf 'not as clang-format would have it:\n%s\n' "$unformatted" >&2; exit 1; }
    ;;
  shellcheck)
    grep -rlE '^#!.*\bbash|shellcheck shell=bash' .ci contrib tests | xargs shellcheck
    ;;
  rules)
    diff -u docs/rules.md <("${2:-build/dev/app/aftershock}" rules docs) ||
      { echo 'docs/rules.md is not current: build/dev/app/aftershock rules docs > docs/rules.md' >&2; exit 1; }
    ;;
  *)
    echo 'usage: style.sh clang-format|shellcheck|rules' >&2
    exit 64
    ;;
esac
