// SPDX-License-Identifier: Apache-2.0
#include "app/cli/program.h"

#include "core/base/error.h"
#include "core/base/launch.h"
#include "core/base/log.h"
#include "core/session/result_json.h"

#include <chrono>
#include <cstdio>
#include <new>

namespace cli {

namespace {

/** A full disk or a closed pipe must not look like success. */
void write(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw core::Error(core::ErrorKind::Io, "cannot write the result", "standard output");
}

} // namespace

core::Session& Program::session()
{
    if (!m_session) {
        m_session = core::createSession();
        m_session->setDevice(options.device);
        m_session->setThreads(options.threads);
    }
    return *m_session;
}

core::Progress& Program::progress()
{
    return *m_progress;
}

void Program::choose(std::string name, Verb verb)
{
    m_name = std::move(name);
    m_verb = std::move(verb);
}

int Program::run()
{
    watchSignals();
    const auto makeProgress = [&](bool shown) {
        m_progress =
            std::make_unique<ConsoleProgress>(shown ? ConsoleProgress::Output::Shown : ConsoleProgress::Output::Quiet);
    };
    makeProgress(!options.quiet);
    try {
        if (const auto launch = core::launchFromEnvironment(); launch && launch->rank != 0) {
            m_speaks = false;
            makeProgress(false);
        }
        return runGuarded();
    } catch (const core::Cancelled&) {
        fail("cancelled", "stopped; what was finished is kept", "");
        return kStopped;
    } catch (const WrongUsage& error) {
        fail("wrong_usage", error.what(), "");
        return kWrongUsage;
    } catch (const core::Error& error) {
        return fail(core::toString(error.kind()), error.what(), error.context());
    } catch (const std::bad_alloc&) {
        return fail(core::toString(core::ErrorKind::OutOfMemory), "memory ran out; a smaller batch may help", "");
    } catch (const std::exception& error) {
        return fail(core::toString(core::ErrorKind::Internal), error.what(), "");
    }
}

int Program::runGuarded()
{
    if (!options.log.empty())
        core::openLogFile(options.log);
    core::logInfo(options.command);
    const auto start = std::chrono::steady_clock::now();
    auto result = m_verb(*this);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m_progress->clear();
    core::logInfo(m_name + " done in " + std::to_string(seconds) + " s");
    const int exitCode = result.exitCode;
    print(std::move(result), seconds);
    return exitCode;
}

int Program::fail(std::string_view kind, std::string_view what, std::string_view context)
{
    m_progress->clear();
    auto line = std::string(what);
    if (!context.empty())
        line += " (" + std::string(context) + ")";
    std::fprintf(stderr, "planish: %s\n", line.c_str());
    core::logWarning(std::string(kind) + ": " + line);
    if (options.json && m_speaks) {
        const auto text = jsonText(core::errorJson(kind, what, context)) + "\n";
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
    return kFailed;
}

core::Json Program::envelope(double seconds, core::Json keys)
{
    core::Json result{{"schema", core::kResultSchema}, {"command", m_name}, {"version", PLANISH_VERSION}};
    result["seconds"] = seconds;
    result["device"] = m_session ? m_session->deviceName() : "";
    for (auto& [key, value] : keys.items())
        if (!result.contains(key))
            result[key] = std::move(value);
    return result;
}

void Program::print(Result result, double seconds)
{
    if (!m_speaks)
        return;
    const auto json = envelope(seconds, std::move(result.json));
    if (!result.jsonFile.empty())
        core::writeFileAtomically(result.jsonFile,
                                  json.dump(1, ' ', false, core::Json::error_handler_t::replace) + "\n");
    if (options.json)
        write(jsonText(json) + "\n");
    else
        write(result.text);
}

std::string jsonText(const core::Json& json)
{
    return json.dump(-1, ' ', false, core::Json::error_handler_t::replace);
}

} // namespace cli
