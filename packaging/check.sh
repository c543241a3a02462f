#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The target `check`: format, lengths, shell scripts, and clang-tidy on what differs from the main branch.
# The target `format` is `check.sh --format`, which rewrites the sources instead.
#
#   packaging/check.sh [--format] [--build DIR] [--base REVISION]
#
# Needs clang-format, clang-tidy and shellcheck: apt-get install clang-format clang-tidy shellcheck
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=build/release
base=origin/main
format_only=no
while [[ $# -gt 0 ]]; do
    case $1 in
    --format) format_only=yes ;;
    --build) build=$2 && shift ;;
    --base) base=$2 && shift ;;
    *)
        echo "check: unknown argument '$1'" >&2
        exit 2
        ;;
    esac
    shift
done

for tool in clang-format clang-tidy shellcheck; do
    if ! command -v "$tool" >/dev/null; then
        echo "check: $tool is missing: apt-get install clang-format clang-tidy shellcheck" >&2
        exit 1
    fi
done

mapfile -t sources < <(git ls-files 'app/*.h' 'app/*.cpp' 'core/*.h' 'core/*.cpp' 'gpu/*.h' 'gpu/*.cpp' 'gpu/*.cu' \
    'ui/*.h' 'ui/*.cpp' 'tests/*.h' 'tests/*.cpp')
if [[ $format_only == yes ]]; then
    clang-format -i "${sources[@]}"
    exit 0
fi

failed=no
heading() { printf '== %s\n' "$*"; }

heading "format (${#sources[@]} files; the target 'format' mends it)"
clang-format --dry-run -Werror --ferror-limit=1 "${sources[@]}" || failed=yes

heading "length (400 lines)"
for source in "${sources[@]}"; do
    lines=$(wc -l <"$source")
    if [[ $lines -gt 400 ]]; then
        echo "$source: $lines lines"
        failed=yes
    fi
done

heading "shell scripts"
shellcheck packaging/*.sh .ci/run || failed=yes

git rev-parse --verify --quiet "$base" >/dev/null || base=HEAD~1
# GCC's precompiled headers mean nothing to clang, and it must not find them.
mapfile -t changed < <(git diff --name-only --diff-filter=d "$base" -- 'app/*.cpp' 'core/*.cpp' 'gpu/*.cpp' 'ui/*.cpp')
heading "clang-tidy (${#changed[@]} sources that differ from $base)"
if [[ ${#changed[@]} -gt 0 ]]; then
    database=$(mktemp -d)
    trap 'rm -rf "$database"' EXIT
    sed -E 's/ -Winvalid-pch//g; s/ -include [^ ]*cmake_pch\.hxx//g; s/ -fpch-preprocess//g' \
        "$build/compile_commands.json" >"$database/compile_commands.json"
    printf '%s\n' "${changed[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$database" || failed=yes
fi

[[ $failed == no ]]
