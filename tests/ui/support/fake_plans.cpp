// SPDX-License-Identifier: GPL-3.0-or-later
// The fake engine's rule and plan files.
#include "tests/ui/support/fake_session.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

bool rotates(const core::GroupRule& rule, double z, int rank, int count)
{
    using Mode = core::GroupRule::Mode;
    switch (rule.mode) {
    case Mode::Constant: return false;
    case Mode::Threshold: return rule.sign * z > rule.beta;
    case Mode::TwoSided: return std::abs(z) > rule.beta;
    case Mode::TopFraction: return rank < std::lround(rule.beta * count);
    }
    return false;
}

} // namespace

core::Plan FakeSession::applyRule(const core::Profile& profile, const core::KurtosisRule& rule,
                                  const core::QuantScheme& scheme) const
{
    core::Plan plan;
    plan.method = "kurtosis";
    plan.scheme = scheme;
    for (const auto& module : profile.modules) {
        const auto& group = module.module.kind == core::ModuleKind::Attention ? rule.attention : rule.mlp;
        int rank = 0;
        for (const auto& other : profile.modules)
            rank += other.module.kind == module.module.kind && group.sign * other.robustZ > group.sign * module.robustZ;
        core::Choice choice;
        choice.module = module.module;
        choice.kind = group.mode == core::GroupRule::Mode::Constant     ? group.constantKind
            : rotates(group, module.robustZ, rank, m_behaviour->blocks) ? core::TransformKind::Rotation
                                                                        : core::TransformKind::Affine;
        choice.automaticKind = choice.kind;
        choice.reason.text = "robust z " + std::to_string(module.robustZ).substr(0, 4);
        choice.reason.numbers = {
            {"kurtosis", module.kurtosis}, {"robust_z", module.robustZ}, {"threshold", group.beta}};
        plan.modules.push_back(choice);
    }
    return plan;
}

/** No histogram is looked at: 6 dB a bit, and less on both sides of half the largest value. */
double FakeSession::clippedSqnr(const core::Distribution& values, int bits, double clip) const
{
    return 6.0 * bits - 10.0 * std::abs(std::log10(2.0 * clip / values.absmax));
}

/** Evenly from the smallest to the largest. */
std::vector<double> FakeSession::histogramQuantiles(const core::Distribution& values,
                                                    const std::vector<double>& shares) const
{
    std::vector<double> quantiles;
    for (const double share : shares)
        quantiles.push_back(values.min + share * (values.max - values.min));
    return quantiles;
}

std::string FakeSession::planToText(const core::Plan& plan) const
{
    QJsonArray modules;
    for (const auto& choice : plan.modules)
        modules.append(QJsonObject{{QStringLiteral("module"), text(core::toString(choice.module))},
                                   {QStringLiteral("kind"), text(core::toString(choice.kind))},
                                   {QStringLiteral("automatic"), text(core::toString(choice.automaticKind))},
                                   {QStringLiteral("user"), choice.origin == core::Origin::User}});
    const QJsonObject root{{QStringLiteral("modules"), modules},
                           {QStringLiteral("weight_bits"), plan.scheme.weightBits}};
    return QJsonDocument(root).toJson(QJsonDocument::Compact).toStdString();
}

core::Plan FakeSession::planFromText(const std::string& json) const
{
    const auto root = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    if (!root.contains(QStringLiteral("modules")))
        throw core::Error(core::ErrorKind::Corrupt, "the plan has no modules");
    core::Plan plan;
    plan.scheme.weightBits = root.value(QStringLiteral("weight_bits")).toInt(4);
    for (const auto& entry : root.value(QStringLiteral("modules")).toArray()) {
        const auto object = entry.toObject();
        core::Choice choice;
        choice.module = core::parseModuleId(object.value(QStringLiteral("module")).toString().toStdString());
        choice.kind = core::parseTransformKind(object.value(QStringLiteral("kind")).toString().toStdString());
        choice.automaticKind =
            core::parseTransformKind(object.value(QStringLiteral("automatic")).toString().toStdString());
        choice.origin = object.value(QStringLiteral("user")).toBool() ? core::Origin::User : core::Origin::Automatic;
        plan.modules.push_back(choice);
    }
    return plan;
}

core::RefinementReport FakeSession::refined(const core::CalibrateSpec& spec) const
{
    auto plan = spec.plan;
    plan.modules[0].kind = plan.modules[0].automaticKind = core::TransformKind::Rotation;
    writePlan(spec.out + "/plan.json", plan);
    return {.klBefore = 0.5,
            .klAfter = 0.4,
            .tokens = 100,
            .swaps = {{.module = plan.modules[0].module,
                       .from = {},
                       .to = {core::TransformKind::Rotation},
                       .kl = 0.4,
                       .difference = -0.1,
                       .stderror = 0.01,
                       .kept = true}}};
}

core::Plan FakeSession::readPlan(const std::string& path) const
{
    QFile file(text(path));
    if (!file.open(QIODevice::ReadOnly))
        throw core::Error(core::ErrorKind::NotFound, "the plan could not be opened", path);
    return planFromText(file.readAll().toStdString());
}

void FakeSession::writePlan(const std::string& path, const core::Plan& plan) const
{
    QFile file(text(path));
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(planToText(plan))) < 0)
        throw core::Error(core::ErrorKind::Io, "the plan could not be written", path);
}
