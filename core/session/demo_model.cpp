// SPDX-License-Identifier: Apache-2.0
#include "core/session/demo_model.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/session/embedded_files.h"

#include <unistd.h>

namespace core {

namespace fs = std::filesystem;

namespace {

const std::string kManifest = "manifest.json";

void writeFiles(const fs::path& folder)
{
    for (const auto& file : embeddedFiles()) {
        const fs::path path = folder / file.path;
        fs::create_directories(path.parent_path());
        writeFileAtomically(path, file.content);
    }
}

/** Writes a folder aside and renames it into place; what was written of it goes when that fails. */
void writeNewFolder(const fs::path& folder)
{
    const fs::path aside =
        folder.parent_path() / ("." + folder.filename().string() + "." + std::to_string(getpid()) + ".part");
    try {
        writeFiles(aside);
        fs::remove(folder); // an empty folder may stand there
        fs::rename(aside, folder);
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(aside, ignored);
        throw;
    }
}

} // namespace

void writeDemoModel(const fs::path& folder)
{
    if (embeddedFiles().empty())
        throw Error(ErrorKind::Unsupported, "this program was built without the demo model");
    // Without a slash at the end, which would leave no name; relative to the root, so that there is a parent.
    fs::path target = fs::absolute(folder).lexically_normal();
    if (!target.has_filename())
        target = target.parent_path();
    try {
        if (!fs::exists(target) || (fs::is_directory(target) && fs::is_empty(target)))
            writeNewFolder(target);
        else if (fs::is_directory(target) && fs::exists(target / kManifest) && fs::exists(target / "planted.json"))
            writeFiles(target);
        else
            throw Error(ErrorKind::InvalidArgument,
                        "writing the demo model: the place is taken by something else; name a new or an empty folder",
                        target.string());
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Io, std::string("writing the demo model: ") + error.code().message(), target.string());
    }
}

} // namespace core
