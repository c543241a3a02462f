# SPDX-License-Identifier: Apache-2.0
# Imported targets torch_cpu and c10 from an unpacked PyTorch wheel.
#
# The wheel's own find_package(Torch) insists on the whole CUDA toolkit, although the CPU library needs none of it, so
# the two libraries are imported by hand. Where: -DPLANISH_TORCH_DIR=DIR or the environment's
# PLANISH_TORCH_DIR (the folder that holds torch/lib), else the place where packaging/setup.sh puts the pinned wheels.

if(DEFINED ENV{PLANISH_TORCH_DIR})
    set(_torch_default "$ENV{PLANISH_TORCH_DIR}")
else()
    set(_torch_default "${PLANISH_CACHE_DIR}/libtorch-2.11.0")
endif()
set(PLANISH_TORCH_DIR "${_torch_default}" CACHE PATH "folder that holds torch/lib and torch/include")

if(EXISTS "${PLANISH_TORCH_DIR}/torch/lib/libtorch_cpu.so")
    set(_torch "${PLANISH_TORCH_DIR}/torch")
    foreach(name c10 torch_cpu)
        add_library(${name} SHARED IMPORTED GLOBAL)
        set_target_properties(${name} PROPERTIES
            IMPORTED_LOCATION "${_torch}/lib/lib${name}.so"
            INTERFACE_INCLUDE_DIRECTORIES "${_torch}/include;${_torch}/include/torch/csrc/api/include")
    endforeach()
    set_property(TARGET torch_cpu PROPERTY INTERFACE_LINK_LIBRARIES c10)
    set(PLANISH_TORCH_LIB_DIR "${_torch}/lib")
else()
    # A foreign LibTorch, given by -DCMAKE_PREFIX_PATH.
    find_package(Torch QUIET)
    if(NOT Torch_FOUND)
        message(FATAL_ERROR "LibTorch not found in ${PLANISH_TORCH_DIR}. Run packaging/setup.sh, or give -DPLANISH_TORCH_DIR=DIR "
                            "(an unpacked wheel) or -DCMAKE_PREFIX_PATH=DIR (any LibTorch).")
    endif()
    get_filename_component(PLANISH_TORCH_LIB_DIR "${TORCH_LIBRARY}" DIRECTORY)
endif()
