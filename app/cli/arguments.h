// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/select/overrides.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cli {

// Checks that make a wrong value wrong usage (exit code 2) instead of failed work.
CLI::Validator deviceName();    // auto, cpu, cuda, cuda:N
CLI::Validator bitCount();      // 2 to 8, or 16
CLI::Validator moduleAndKind(); // "3.mlp=rotation"
CLI::Validator rotationForm();  // two-factor and so on
CLI::Validator candidateList(); // affine,rotation:hadamard-start
CLI::Validator moduleAndBits(); // "3.mlp=8/8" or "0.attention=8/8/4/4"
CLI::Validator blockRange();    // "4:8"

std::pair<core::ModuleId, core::TransformKind>
parseOverride(const std::string& text);                                // what moduleAndKind() let through
std::vector<core::Candidate> parseCandidates(const std::string& text); // what candidateList() let through
std::pair<int, int> parseBlockRange(const std::string& text);          // what blockRange() let through

std::pair<core::ModuleId, core::ModuleBits>
parseModuleAndBits(const std::string& text); // what moduleAndBits() let through

void addModelArgument(CLI::App& verb, std::string& model);
void addJsonFileOption(CLI::App& verb, std::string& file); // --out FILE
void addSchemeOptions(CLI::App& verb, core::QuantScheme& scheme);

} // namespace cli
