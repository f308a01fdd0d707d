#!/usr/bin/env bash
# clang-tidy over the tree, or over the files named: contrib/lint.sh [FILE.cc…]. For developers; test.sh does not run it.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=contrib/lib.sh
. contrib/lib.sh

install_packages build test lint
[[ -f build/dev/compile_commands.json ]] || configure dev
if [[ $# -eq 0 ]]; then
  mapfile -t files < <(find base model probes rules exporter app -name '*.cc' | sort)
  set -- "${files[@]}"
fi
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p build/dev
