#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds the release and opens the studio on the embedded demo model. Without a display it does
# the studio's main job on the command line instead, and says so.
#
#   packaging/run.sh [--build-only] [ARGUMENTS OF planish-studio]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=packaging/build_release.sh
. packaging/build_release.sh

build_only=no
if [[ ${1:-} == --build-only ]]; then
    build_only=yes
    shift
fi

buildRelease planish planish-studio
if [[ $build_only == yes ]]; then
    echo "built: build/release/bin/planish build/release/bin/planish-studio"
    exit 0
fi

if [[ -n ${DISPLAY:-} || -n ${WAYLAND_DISPLAY:-} ]]; then
    [[ $# -gt 0 ]] || set -- --demo
    exec build/release/bin/planish-studio "$@"
fi
