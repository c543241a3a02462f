# SPDX-License-Identifier: Apache-2.0
# planish_embed_files(target FOLDER dir HEADER header FUNCTION name): the bytes of all files below `dir` go into `target`,
# listed by core::name(), which `header` declares, with their paths relative to `dir`. The assembler reads the files
# themselves (.incbin), so that megabytes cost no compile time.
function(planish_embed_files target)
    cmake_parse_arguments(ARG "" "FOLDER;HEADER;FUNCTION" "" ${ARGN})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${ARG_FOLDER}" "${ARG_FOLDER}/*")
    list(SORT files)
    set(assembly "")
    set(symbols "")
    set(rows "")
    set(paths "")
    set(count 0)
    foreach(file IN LISTS files)
        set(name "${ARG_FUNCTION}${count}")
        string(APPEND assembly "    .hidden ${name}\n    .global ${name}\n    .balign 16\n${name}:\n"
            "    .incbin \"${ARG_FOLDER}/${file}\"\n    .hidden ${name}End\n    .global ${name}End\n${name}End:\n    .byte 0\n")
        string(APPEND symbols "extern const char ${name}[], ${name}End[];\n")
        string(APPEND rows "        {\"${file}\", {${name}, static_cast<std::size_t>(${name}End - ${name})}},\n")
        list(APPEND paths "${ARG_FOLDER}/${file}")
        math(EXPR count "${count} + 1")
    endforeach()
    set(source "${PROJECT_BINARY_DIR}/generated/${target}_embedded.cpp")
    file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
// Made by packaging/cmake/EmbedFiles.cmake.
#include "@ARG_HEADER@"

__asm__(R"(
    .section .rodata
@assembly@    .text
)");

extern "C" {
@symbols@}

namespace core {

std::span<const EmbeddedFile> @ARG_FUNCTION@()
{
    static const std::vector<EmbeddedFile> files = {
@rows@    };
    return files;
}

} // namespace core
]])
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${paths}" SKIP_PRECOMPILE_HEADERS ON)
    target_sources(${target} PRIVATE "${source}")
endfunction()
