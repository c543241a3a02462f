# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by run.sh and test.sh.

# How many compilations fit this machine: one a core, and 2 GB of memory for each, which LibTorch's headers need.
buildJobs() {
    local cores memory_gb jobs
    cores=$(getconf _NPROCESSORS_ONLN) # nproc heeds OMP_NUM_THREADS
    memory_gb=$(awk '/MemTotal/ { print int($2 / 1048576) }' /proc/meminfo)
    jobs=$((memory_gb / 2))
    [[ $jobs -lt $cores ]] || jobs=$cores
    [[ $jobs -ge 1 ]] || jobs=1
    echo "${CMAKE_BUILD_PARALLEL_LEVEL:-$jobs}"
}

# Sets up, configures build/release and builds the targets given.
buildRelease() {
    local jobs
    mkdir -p build
    packaging/setup.sh
    jobs=$(buildJobs)
    # Paths relative to the clone, so that another clone finds what this one has compiled.
    export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
    echo "== configure build/release"
    cmake --preset release ${PLANISH_TORCH_DIR:+-D "PLANISH_TORCH_DIR=$PLANISH_TORCH_DIR"} >build/configure.log ||
        { tail -n 40 build/configure.log >&2 && return 1; }
    echo "== build with $jobs jobs (the first build takes some minutes: LibTorch's headers are large)"
    cmake --build --preset release --parallel "$jobs" --target "$@"
}
