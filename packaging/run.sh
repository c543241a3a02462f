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

# --- No display: the main job on the command line --------------------------------------------------------------------
echo "== no display (neither DISPLAY nor WAYLAND_DISPLAY is set): doing the studio's main job on the command line"
work=build/demo-job
rm -rf "$work"
mkdir -p "$work"
PATH=$PWD/build/release/bin:$PATH

step() {
    printf '\n$ %s\n' "$*"
    "$@"
}
step planish demo --out "$work/demo"
step planish profile "$work/demo" --text "$work/demo/calibration.txt" --tokens 2048 --out "$work/profile.json"
step planish select "$work/demo" --method kurtosis --wbits 4 --abits 4 --kbits 4 --vbits 4 --out "$work/plan.json"
step planish calibrate "$work/demo" --plan "$work/plan.json" --text "$work/demo/calibration.txt" \
    --samples 32 --seqlen 256 --epochs 3 --batch 4 --out "$work/quantized"
step planish evaluate "$work/quantized" --reference "$work/demo" --text "$work/demo/test.txt"
step planish chat "$work/quantized" --prompt "Where does the baker live?" --max-tokens 40
printf '\nThe quantized model is in %s; "planish --help" lists all verbs.\n' "$work/quantized"
