// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/quant/quant_scheme.h"
#include "core/select/candidate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

enum class Origin { Automatic, User };

/** Why a kind was chosen, with the numbers it was chosen by ("kurtosis", "robust_z", "threshold", "held_out_affine", ...). */
struct Reason
{
    std::string text; // one sentence for a person
    std::vector<std::pair<std::string, double>> numbers;
};

struct Choice
{
    ModuleId module;
    TransformKind kind = TransformKind::Affine;
    Origin origin = Origin::Automatic;
    Reason reason;
    TransformKind automaticKind = TransformKind::Affine; // what the method chose, kept beside a person's override
    std::optional<RotationForm> rotationForm = {};       // of a rotation; nothing: calibration's own option decides
    int start = 0;                                       // which random draw the transforms start from
    std::optional<std::uint64_t> seed = {}; // of that draw, where it was chosen; nothing: calibration's own
    std::optional<QuantScheme> scheme = {}; // of this module alone; nothing: the plan's
};

/** What is done to each module, as data: shown in a table, edited, saved, diffed and executed. */
struct Plan
{
    static constexpr int kSchema = 1;

    std::string method; // "kurtosis", "all-affine", ...
    std::string model;  // hash of the model's configuration and tensor headers
    QuantScheme scheme;
    KroneckerRule kronecker = KroneckerRule::Balanced;
    std::vector<Choice> modules; // by block, attention before mlp
    std::vector<std::string> warnings;

    const Choice* find(const ModuleId& module) const
    {
        for (const auto& choice : modules)
            if (choice.module == module)
                return &choice;
        return nullptr;
    }

    /** What the module is quantized to. */
    const QuantScheme& schemeOf(const ModuleId& module) const
    {
        const auto* choice = find(module);
        return choice && choice->scheme ? *choice->scheme : scheme;
    }
    BlockScheme schemeOf(int block) const
    {
        return {schemeOf({block, ModuleKind::Attention}), schemeOf({block, ModuleKind::Mlp})};
    }
};

} // namespace core
