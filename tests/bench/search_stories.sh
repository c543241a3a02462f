#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The search against its controls on a small model: uniform plans, oracle, search by one and two starts, each calibrated alike.
#   tests/bench/search_stories.sh PLANISH MODEL CALIBRATION_TEXT TEST_TEXT OUT [BITS as w,a,k,v] [SEED]
# SAMPLES and EPOCHS (of calibrations and of the oracle) in the environment: 64 and 15 without.
# Every line of OUT/summary.txt is one run: name, perplexity, user CPU seconds of selecting and of calibrating.
set -eu
planish=$1 model=$2 text=$3 test=$4 out=$5 bits=${6:-4,4,4,4} seed=${7:-0}
export OMP_NUM_THREADS=1
IFS=, read -r w a k v <<BITS
$bits
BITS
scheme="--wbits $w --abits $a --kbits $k --vbits $v"
windows="--samples ${SAMPLES:-64} --seqlen 256 --batch 4"
epochs=${EPOCHS:-15}
mkdir -p "$out"
: >"$out/summary.txt"

# seconds NAME COMMAND...: user CPU seconds of the command
seconds() {
    log=$1
    shift
    python3 - "$log" "$@" <<'PYTHON'
import resource, subprocess, sys
with open(sys.argv[1], "w") as log:
    subprocess.run(sys.argv[2:], stdout=log, check=True)
print(round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 1))
PYTHON
}

# run NAME SELECT-OPTIONS...: plan, calibration, perplexity
run() {
    name=$1
    shift
    selecting=$(seconds "$out/$name.select.json" "$planish" --quiet --json --threads 1 --seed "$seed" select "$model" $scheme "$@" --out "$out/$name.plan.json")
    calibrating=$(seconds "$out/$name.calibrate.json" "$planish" --quiet --json --threads 1 --seed "$seed" calibrate "$model" --plan "$out/$name.plan.json" --text "$text" $windows --epochs "$epochs" --out "$out/$name")
    "$planish" --quiet --json --threads 1 evaluate "$out/$name" --text "$test" --seqlen 512 >"$out/$name.evaluate.json"
    perplexity=$(python3 -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["perplexity"]["value"], 3))' "$out/$name.evaluate.json")
    echo "$name $perplexity $selecting $calibrating" | tee -a "$out/summary.txt"
}

search="--method search --text $text $windows"
run all-affine --method all-affine
run all-rotation --method all-rotation
run oracle $search --oracle --epochs "$epochs" --losses-out "$out/oracle.losses.json"
run search-1 $search --starts 1 --oracle-losses "$out/oracle.losses.json" --losses-out "$out/search-1.losses.json"
run search-2 $search --starts 2 --oracle-losses "$out/oracle.losses.json" --losses-out "$out/search-2.losses.json"
run restarts-2 $search --candidates affine --starts 2 --losses-out "$out/restarts-2.losses.json"
run decoupled-1 $search --search-mode decoupled --oracle-losses "$out/oracle.losses.json"
run gumbel-1 $search --search-mode gumbel-st --oracle-losses "$out/oracle.losses.json"
