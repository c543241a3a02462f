#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest (-R NAME, -L core/io, ...).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/build_release.sh
. packaging/build_release.sh

buildRelease all
echo "== test"
ctest --preset release --parallel "$(getconf _NPROCESSORS_ONLN)" "$@"
