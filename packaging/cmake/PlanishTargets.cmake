# SPDX-License-Identifier: Apache-2.0
# One static library per folder of the layer table, one executable per test file.

function(planish_compile_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
    # nvcc knows none of these options. GCC 12 also counts members that a designated initializer leaves to their own default.
    target_compile_options(${target} PRIVATE
        "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wno-unused-parameter;$<$<BOOL:${PLANISH_WERROR}>:-Werror;-Wno-missing-field-initializers>>"
        "$<$<COMPILE_LANGUAGE:CUDA>:-std=c++20;-Xcompiler=-Wall>") # not CUDA_STANDARD: older CMake knows no 20 of newer nvcc
endfunction()

# The one precompiled LibTorch header, made once and reused by every target that sees LibTorch. <torch/torch.h>, which few
# sources need, would make it twice as large: five seconds of every compilation against one.
function(planish_torch_pch)
    file(WRITE "${PROJECT_BINARY_DIR}/pch/torch_pch.cpp" "// The object that owns the precompiled LibTorch header.\n")
    add_library(planish_torch_pch STATIC "${PROJECT_BINARY_DIR}/pch/torch_pch.cpp")
    planish_compile_options(planish_torch_pch)
    target_link_libraries(planish_torch_pch PUBLIC torch_cpu c10)
    target_precompile_headers(planish_torch_pch PRIVATE <ATen/ATen.h> <ATen/core/grad_mode.h>)
endfunction()

function(planish_use_torch target)
    target_link_libraries(${target} PUBLIC torch_cpu c10)
    target_precompile_headers(${target} REUSE_FROM planish_torch_pch)
endfunction()

function(planish_layer_target folder out)
    string(REPLACE "/" "_" name "${folder}")
    set(${out} "planish_${name}" PARENT_SCOPE)
endfunction()

function(planish_add_layer row)
    string(REPLACE "|" ";" fields "${row}")
    list(GET fields 0 folder)
    list(GET fields 1 torch)
    list(GET fields 2 edges)
    planish_layer_target(${folder} target)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
    list(FILTER sources EXCLUDE REGEX "/engine\\.cpp$")
    if(folder STREQUAL "gpu")
        file(GLOB cpu_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/gpu/cpu/*.cpp")
        list(APPEND sources ${cpu_sources})
        planish_cuda_sources(sources)
        # at::parallel_for stays on one thread in a source compiled without OpenMP. The shared precompiled header has none.
        find_package(OpenMP REQUIRED COMPONENTS CXX)
        set_source_files_properties(${cpu_sources} PROPERTIES
            COMPILE_OPTIONS "${OpenMP_CXX_FLAGS}" SKIP_PRECOMPILE_HEADERS ON)
    endif()
    if(sources)
        add_library(${target} STATIC ${sources})
        planish_compile_options(${target})
        if(torch STREQUAL "torch")
            planish_use_torch(${target})
        endif()
        if(folder STREQUAL "gpu")
            target_link_libraries(${target} PUBLIC ${OpenMP_CXX_LIBRARIES})
        endif()
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}")
        set(scope INTERFACE)
    endif()
    separate_arguments(edges)
    foreach(edge IN LISTS edges)
        planish_layer_target(${edge} edge_target)
        target_link_libraries(${target} ${scope} ${edge_target})
    endforeach()
endfunction()

# The .moc that a test includes at its end. Outside the window's tests moc is run by hand, without include folders: it needs only
# the class in the file, and reading LibTorch's headers for it would cost five seconds a test.
function(planish_moc_test name source folder)
    if(folder STREQUAL "ui")
        set_target_properties(${name} PROPERTIES AUTOMOC ON)
        return()
    endif()
    set(directory "${PROJECT_BINARY_DIR}/moc/${name}")
    set(moc "${directory}/${name}.moc")
    file(MAKE_DIRECTORY "${directory}")
    add_custom_command(OUTPUT "${moc}" COMMAND Qt6::moc "${source}" -o "${moc}" DEPENDS "${source}" VERBATIM)
    target_sources(${name} PRIVATE "${moc}")
    target_include_directories(${name} PRIVATE "${directory}")
endfunction()

# tests/core/io/tst_x.cpp -> executable tst_x, labelled by its folder.
function(planish_add_tests folder)
    cmake_parse_arguments(ARG "TORCH" "" "LIBRARIES" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${folder}/tst_*.cpp")
    foreach(source IN LISTS sources)
        get_filename_component(name "${source}" NAME_WE)
        add_executable(${name} "${source}")
        planish_moc_test(${name} "${source}" ${folder})
        planish_compile_options(${name})
        target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS)
        target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} planish_test_paths Qt6::Test)
        if(ARG_TORCH)
            planish_use_torch(${name})
        endif()
        add_test(NAME ${name} COMMAND ${name})
        set_tests_properties(${name} PROPERTIES LABELS "${folder}" TIMEOUT 900
            # ctest runs as many programs as there are cores; more threads each would only wait for one another.
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;OMP_NUM_THREADS=1;QTEST_FUNCTION_TIMEOUT=800000")
    endforeach()
endfunction()
