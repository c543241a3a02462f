#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building Planish needs and this machine lacks: Debian or Ubuntu packages, and LibTorch from the pinned
# PyTorch wheels (packaging/requirements). Says what it will download, and how large it is, before it does; does nothing,
# and needs no root, where everything is there.
#
#   packaging/setup.sh [--dry-run] [--cuda | --cpu]
#
# --dry-run  only say what is missing
# --cuda     get the GPU libraries and the CUDA compiler even where no NVIDIA driver is seen; --cpu never
#
# PLANISH_TORCH_DIR=DIR  use the PyTorch whose folder torch/ lies in DIR (a site-packages folder) and download none
# XDG_CACHE_HOME         the wheels go to $XDG_CACHE_HOME/planish, else ~/.cache/planish
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
requirements=$root/packaging/requirements
cache=${XDG_CACHE_HOME:-$HOME/.cache}/planish
torch_dir=${PLANISH_TORCH_DIR:-$cache/libtorch-2.11.0}
nvcc_dir=$cache/nvcc-13.0.88

# Each entry: package, other packages that do as well (|), and a command whose presence is enough (:). The packages have
# the same names in Debian 12 and Ubuntu 24.04 but for the Svg module.
packages=(
    g++:g++ cmake:cmake ninja-build:ninja ccache:ccache pkg-config:pkg-config python3:python3
    qt6-base-dev "qt6-svg-dev|libqt6svg6-dev" qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
    libqcustomplot-dev libsentencepiece-dev nlohmann-json3-dev libcli11-dev libspdlog-dev libpcre2-dev libutf8proc-dev
    zlib1g-dev libbz2-dev fonts-dejavu-core
)

if [[ -n ${WAYLAND_DISPLAY:-} && -z ${DISPLAY:-} ]]; then
    packages+=(qt6-wayland)
fi

dry_run=no
cuda=detect
for argument in "$@"; do
    case $argument in
    --dry-run) dry_run=yes ;;
    --cuda) cuda=yes ;;
    --cpu) cuda=no ;;
    -h | --help)
        sed -n '3,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
        exit 0
        ;;
    *)
        echo "setup: unknown argument '$argument' (see --help)" >&2
        exit 2
        ;;
    esac
done

say() { echo "setup: $*"; }
fail() {
    echo "setup: $*" >&2
    exit 1
}

# --- What is missing -------------------------------------------------------------------------------------------------

isInstalled() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

isSatisfied() { # ENTRY
    local entry=$1 name command=
    if [[ $entry == *:* ]]; then
        command=${entry#*:}
        entry=${entry%%:*}
    fi
    for name in ${entry//|/ }; do
        isInstalled "$name" && return 0
    done
    [[ -n $command ]] && command -v "$command" >/dev/null
}

hasNvcc13() {
    local nvcc
    for nvcc in "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc; do
        [[ -x $nvcc ]] && "$nvcc" --version 2>/dev/null | grep -q 'release 13\.' && return 0
    done
    return 1
}

if [[ $cuda == detect ]]; then
    cuda=no
    if command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; then
        cuda=yes
        say "NVIDIA driver found: this will be a CUDA build"
    fi
fi

has_torch=no
[[ -e $torch_dir/torch/lib/libtorch_cpu.so ]] && has_torch=yes
want_torch=no want_gpu_libraries=no want_nvcc=no
if [[ -n ${PLANISH_TORCH_DIR:-} ]]; then
    [[ $has_torch == yes ]] || fail "PLANISH_TORCH_DIR=$PLANISH_TORCH_DIR holds no torch/lib/libtorch_cpu.so; name the" \
        "folder in which torch/ lies"
else
    [[ $has_torch == yes ]] || want_torch=yes
    # The last of the GPU libraries by name stands for all: the folder is put in its place as a whole.
    [[ $cuda == yes && ! -e $torch_dir/nvidia/cudnn/lib/libcudnn.so.9 ]] && want_gpu_libraries=yes
fi
[[ $cuda == yes && ! -x $nvcc_dir/nvidia/cu13/bin/nvcc ]] && ! hasNvcc13 && want_nvcc=yes
want_wheels=no
[[ $want_torch$want_gpu_libraries$want_nvcc == *yes* ]] && want_wheels=yes

missing=()
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
    for entry in "${packages[@]}"; do
        isSatisfied "$entry" || missing+=("${entry%%:*}")
    done
    if [[ $want_wheels == yes ]] && ! python3 -m pip --version >/dev/null 2>&1; then
        missing+=(python3-pip)
    fi
else
    say "not a Debian or Ubuntu system: what is needed is listed in README.md; only LibTorch is looked after here"
fi

if [[ ${#missing[@]} -eq 0 && $want_wheels == no ]]; then
    say "everything needed is installed"
    exit 0
fi

# --- What will be done -----------------------------------------------------------------------------------------------

if [[ ${#missing[@]} -gt 0 ]]; then
    say "will install ${#missing[@]} packages with apt (all of them on a bare system: about 225 MB to download, 1.3 GB on disk):"
    say "  ${missing[*]%%|*}"
fi
need_mb=0
if [[ $want_torch == yes ]]; then
    say "will download LibTorch 2.11.0 (PyTorch's wheel and two CUDA libraries): 544 MB, 1.2 GB on disk in $torch_dir"
    need_mb=$((need_mb + 1800))
fi
if [[ $want_gpu_libraries == yes ]]; then
    say "will download the GPU libraries LibTorch needs: 2.0 GB, 2.6 GB on disk in $torch_dir"
    say "  (to use a PyTorch of this machine instead: PLANISH_TORCH_DIR=its site-packages folder)"
    need_mb=$((need_mb + 6000))
fi
if [[ $want_nvcc == yes ]]; then
    say "will download the CUDA 13.0 compiler: 105 MB, 280 MB on disk in $nvcc_dir"
    need_mb=$((need_mb + 400))
fi
[[ $dry_run == yes ]] && exit 0

# --- Packages --------------------------------------------------------------------------------------------------------

asRoot() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

chooseAlternative() { # a|b: the first that the archive has
    local name
    for name in ${1//|/ }; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "${1%%|*}"
}

installPackages() {
    local chosen=() entry bytes
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null || { [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; }; then
            fail "installing packages needs root and sudo is not to be had here. Ask the administrator to run:
  apt-get update && apt-get install -y --no-install-recommends ${missing[*]%%|*}
and start this again."
        fi
    fi
    say "refreshing the package lists (10 to 40 MB)"
    asRoot apt-get -qq update || say "some package lists could not be refreshed; going on with what is there"
    for entry in "${missing[@]}"; do
        chosen+=("$(chooseAlternative "$entry")")
    done
    bytes=$(apt-get -qq --print-uris install --no-install-recommends "${chosen[@]}" 2>/dev/null |
        awk '{ total += $3 } END { print int(total / 1000000 + 1) }') || bytes=
    say "downloading and installing with apt${bytes:+: $bytes MB}"
    asRoot env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${chosen[@]}" ||
        fail "apt could not install: ${chosen[*]}. On Ubuntu the component 'universe' has to be enabled" \
            "(add-apt-repository universe)."
}

if [[ ${#missing[@]} -gt 0 ]]; then
    installPackages
fi

# --- Wheels ----------------------------------------------------------------------------------------------------------

# pip installs into STAGING/content; the caller renames that when it is complete, so that an interrupted download is never
# mistaken for a finished one. The tags make pip choose the pinned files whatever Python runs it.
installWheels() { # STAGING REQUIREMENTS...
    local staging=$1 file tag arguments=()
    shift
    for file in "$@"; do
        arguments+=(-r "$requirements/$file")
    done
    for tag in manylinux_2_{28,27,26,25,24,18,17,12,5}_x86_64 manylinux2014_x86_64 manylinux2010_x86_64 manylinux1_x86_64; do
        arguments+=(--platform "$tag")
    done
    mkdir -p "$staging/tmp"
    TMPDIR=$staging/tmp PIP_ROOT_USER_ACTION=ignore python3 -m pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --only-binary=:all: --implementation cp --python-version 3.11 "${arguments[@]}" \
        --target "$staging/content" ||
        fail "pip could not fetch the wheels (see above). Check the connection and pip's configuration, then start this" \
            "again; or unpack them yourself and set PLANISH_TORCH_DIR."
}

replaceFolder() { # NEW PLACE
    if [[ -e $2 || -L $2 ]]; then
        mv -T "$2" "$2.old"
    fi
    mv -T "$1" "$2"
    rm -rf "$2.old"
}

if [[ $want_wheels == yes ]]; then
    [[ $(uname -m) == x86_64 ]] ||
        fail "the pinned LibTorch is for x86-64, this is $(uname -m): set PLANISH_TORCH_DIR to a PyTorch 2.11 of this machine"
    mkdir -p "$cache"
    free_mb=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
    [[ $free_mb -ge $need_mb ]] || fail "$cache has $free_mb MB free, $need_mb MB are needed; XDG_CACHE_HOME can name another place"
    exec 9>"$cache/setup.lock"
    if ! flock -n 9; then
        say "another set-up is running; waiting for it, then starting again"
        flock 9
        exec 9>&-
        exec "${BASH_SOURCE[0]}" "$@"
    fi
    rm -rf "$cache"/*.part # left by an interrupted run
fi
staging=$torch_dir.part
if [[ $want_torch == yes && $want_gpu_libraries == yes ]]; then
    installWheels "$staging" torch.txt cuda-runtime.txt cuda-libraries.txt
    replaceFolder "$staging/content" "$torch_dir"
elif [[ $want_gpu_libraries == yes ]]; then
    # pip merges the packages' common folder only within one installation, so the small CUDA libraries are fetched again.
    installWheels "$staging" cuda-runtime.txt cuda-libraries.txt
    cp -a "$torch_dir"/torch* "$staging/content/"
    replaceFolder "$staging/content" "$torch_dir"
elif [[ $want_torch == yes ]]; then
    installWheels "$staging" torch.txt cuda-runtime.txt
    replaceFolder "$staging/content" "$torch_dir"
fi
if [[ $want_nvcc == yes ]]; then
    installWheels "$nvcc_dir.part" nvcc.txt
    replaceFolder "$nvcc_dir.part/content" "$nvcc_dir"
fi
rm -rf "$torch_dir.part" "$nvcc_dir.part"
say "done"
