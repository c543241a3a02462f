# SPDX-License-Identifier: Apache-2.0
# Targets `format` (rewrites the sources) and `check` (format, lengths, scripts, clang-tidy on changed files, layers).
add_custom_target(format COMMAND "${PROJECT_SOURCE_DIR}/packaging/check.sh" --format USES_TERMINAL VERBATIM)
add_custom_target(check COMMAND "${PROJECT_SOURCE_DIR}/packaging/check.sh" --build "${PROJECT_BINARY_DIR}"
    COMMAND ${CMAKE_CTEST_COMMAND} --output-on-failure -L layers
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}" USES_TERMINAL VERBATIM)
