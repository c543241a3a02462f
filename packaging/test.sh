#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest (-R NAME, -L core/io, ...).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/build_release.sh
. packaging/build_release.sh

buildRelease all
echo "== test"
status=0
ctest --preset release --parallel "$(getconf _NPROCESSORS_ONLN)" "$@" || status=$?
log=build/release/Testing/Temporary/LastTest.log
if skipped=$(grep -c '^SKIP ' "$log"); then
    echo "== $skipped test functions were skipped, for want of:"
    sed -n 's/^SKIP *: *[^(]*([^)]*) *//p' "$log" | sort | uniq -c | sort -rn | head -5
fi
exit "$status"
