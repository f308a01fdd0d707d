#!/usr/bin/env bash
# Builds everything, runs every test (unit tests with sanitizers, whole programs without), and ends with CTest's summary.
# Installs what is missing with apt and says what.
#
#   contrib/test.sh [CTest options, e.g. -L unit or -R lab/]
#
# AFTERSHOCK_DATA=FOLDER  captures of real fabrics for tests that are skipped without them
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=contrib/lib.sh
. contrib/lib.sh

presets=(lab asan-ubsan tsan)
install_packages build lab test
export PATH=$PATH:/usr/sbin:/sbin  # where Debian has OpenSM and infiniband-diags

for preset in "${presets[@]}"; do
  printf 'Building %s\n' "$preset"
  build "$preset"
done

# One CTest run over all builds, and over what is checked without one.
aggregate() {
  printf 'subdirs(%s)\n' "${presets[*]}"
  printf 'add_test(style/clang-format "%s/contrib/style.sh" clang-format)\n' "$PWD"
  printf 'add_test(style/shellcheck "%s/contrib/style.sh" shellcheck)\n' "$PWD"
  printf 'add_test(docs/rules "%s/contrib/style.sh" rules build/lab/app/aftershock)\n' "$PWD"
}
aggregate > build/CTestTestfile.cmake

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
# Most of them wait for fabrics and guests half of the time.
exec ctest --test-dir build --output-on-failure -j "$(($(nproc) + 1))" "$@"
