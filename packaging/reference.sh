#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Python with transformers and lm-evaluation-harness, which tests and benchmarks compare with: a virtual environment of its own
# in $XDG_CACHE_HOME/planish/reference (else ~/.cache/planish/reference), where the tests find it. Without it they skip those
# comparisons; PLANISH_REFERENCE_PYTHON names another Python that has both. Does nothing where it is there already.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
place=${XDG_CACHE_HOME:-$HOME/.cache}/planish/reference
say() { echo "reference: $*"; }

if [[ -e $place/complete ]]; then
    say "$place is there"
    exit 0
fi
# PyTorch's wheel on PyPI asks for its GPU libraries, also where there is no GPU.
say "will download PyTorch, transformers and lm-eval from PyPI: about 2.7 GB, 5.5 GB on disk in $place"
rm -rf "$place"
python3 -m venv "$place" # Debian and Ubuntu: python3-venv
"$place/bin/pip" install --quiet --disable-pip-version-check -r "$root/packaging/requirements/reference.txt"
"$place/bin/python" -c 'import torch, transformers, lm_eval.models.huggingface'
touch "$place/complete"
say "tests use $place/bin/python"
