// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/command_line.h"

#include "ui/convert.h"

#include <QRegularExpression>
#include <QStringList>

namespace ui {

namespace {

/** Collects words; an option is left out where it says nothing. */
class Line
{
public:
    explicit Line(const QString& verb) { m_words << QStringLiteral("planish") << verb; }

    Line& word(const std::string& text)
    {
        m_words << shellQuoted(toQString(text));
        return *this;
    }
    Line& option(const char* name, const QString& value)
    {
        m_words << QString::fromLatin1(name) << shellQuoted(value);
        return *this;
    }
    Line& text(const char* name, const std::string& value)
    {
        return value.empty() ? *this : option(name, toQString(value));
    }
    Line& number(const char* name, double value) { return option(name, QString::number(value, 'g', 12)); }
    Line& flag(const char* name, bool set)
    {
        if (set)
            m_words << QString::fromLatin1(name);
        return *this;
    }
    Line& general(const char* name, const QString& value) // before the verb
    {
        m_words.insert(1, shellQuoted(value));
        m_words.insert(1, QString::fromLatin1(name));
        return *this;
    }
    template <typename Value, std::size_t n>
    Line& value(const char* name, const core::Words<Value, n>& words, Value value)
    {
        return text(name, std::string(core::wordFor(words, value)));
    }
    Line& scheme(const core::QuantScheme& scheme) // what differs from the command line's own
    {
        const core::QuantScheme usual;
        const auto count = [this](const char* name, int value, int otherwise) {
            if (value != otherwise)
                number(name, value);
        };
        count("--wbits", scheme.weightBits, usual.weightBits);
        count("--abits", scheme.activationBits, usual.activationBits);
        count("--kbits", scheme.keyBits, usual.keyBits);
        count("--vbits", scheme.valueBits, usual.valueBits);
        count("--wgroup", scheme.weightGroup, usual.weightGroup);
        count("--kvgroup", scheme.kvGroup, usual.kvGroup);
        return flag("--wasym", scheme.weightAsymmetric).flag("--aasym", scheme.activationAsymmetric);
    }
    Line& kronecker(core::KroneckerRule rule)
    {
        return rule == core::KroneckerRule::Balanced ? *this : value("--kronecker", core::kKroneckerRules, rule);
    }
    QString join() const { return m_words.join(QLatin1Char(' ')); }

private:
    QStringList m_words;
};

} // namespace

QString shellQuoted(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (plain.match(text).hasMatch())
        return text;
    auto quoted = text;
    quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

QString demoCommand(const QString& folder)
{
    return Line(QStringLiteral("demo")).option("--out", folder).join();
}

QString infoCommand(const QString& model)
{
    return Line(QStringLiteral("info")).word(toStd(model)).join();
}

QString profileCommand(const core::ProfileSpec& spec)
{
    Line line(QStringLiteral("profile"));
    line.word(spec.model);
    if (!spec.text.empty())
        line.text("--text", spec.text)
            .number("--tokens", static_cast<double>(spec.tokens))
            .number("--seqlen", static_cast<double>(spec.seqlen));
    return line.join();
}

QString bundleProfileCommand(const core::BundleProfileSpec& spec)
{
    Line line(QStringLiteral("inspect"));
    line.word(spec.bundle).text("--against", spec.reference);
    if (!spec.text.empty())
        line.text("--text", spec.text)
            .number("--tokens", static_cast<double>(spec.tokens))
            .number("--seqlen", static_cast<double>(spec.seqlen));
    return line.join();
}

QString calibrateCommand(const core::CalibrateSpec& spec, const QString& planFile)
{
    const auto& options = spec.options;
    Line line(QStringLiteral("calibrate"));
    line.word(spec.model)
        .option("--plan", planFile)
        .text("--text", spec.text)
        .number("--samples", options.samples)
        .number("--seqlen", options.seqlen)
        .number("--epochs", options.epochs)
        .number("--batch", options.batch)
        .text("--out", spec.out)
        .flag("--resume", options.resume)
        .flag("--refine", spec.refine.has_value());
    if (options.blocks)
        line.option("--blocks", QStringLiteral("%1:%2").arg(options.blocks->first).arg(options.blocks->second));
    const core::CalibrationOptions usual;
    if (options.microBatch != usual.microBatch)
        line.number("--micro-batch", options.microBatch);
    const auto rate = [&line](const char* name, double value, double otherwise) {
        if (value != otherwise)
            line.number(name, value);
    };
    rate("--lr", options.learningRate, usual.learningRate);
    rate("--clip-lr", options.clipLearningRate, usual.clipLearningRate);
    rate("--weight-decay", options.weightDecay, usual.weightDecay);
    rate("--scale-alpha", options.scaleAlpha, usual.scaleAlpha);
    if (options.precision != usual.precision)
        line.value("--precision", core::kPrecisions, options.precision);
    if (options.finish != usual.finish)
        line.value("--finish", core::kFinishes, options.finish);
    if (options.affineForm != usual.affineForm)
        line.value("--inverse", core::kAffineForms, options.affineForm);
    if (options.scaleStart != usual.scaleStart)
        line.value("--diag-init", core::kScaleStarts, options.scaleStart);
    if (options.clipping != usual.clipping)
        line.value("--clip", core::kClippings, options.clipping);
    line.flag("--share-act-clip", options.clipSharing == core::ClipSharing::PerInput);
    if (options.rotationForm != usual.rotationForm)
        line.text("--rotation-form", std::string(core::toString(options.rotationForm)));
    if (options.seed != 0)
        line.general("--seed", QString::number(options.seed));
    return line.join();
}

QString whatIfCommand(const core::WhatIfSpec& spec)
{
    Line line(QStringLiteral("what-if"));
    line.word(spec.model)
        .text("--module", core::toString(spec.module))
        .text("--text", spec.text)
        .scheme(spec.scheme)
        .kronecker(spec.kronecker)
        .number("--samples", spec.windows)
        .number("--seqlen", spec.seqlen)
        .number("--batch", spec.batch)
        .number("--epochs", spec.epochs);
    if (spec.rotationForm != core::RotationForm::TwoFactor)
        line.text("--rotation-form", std::string(core::toString(spec.rotationForm)));
    if (spec.seed != 0)
        line.general("--seed", QString::number(spec.seed));
    return line.join();
}

QString searchCommand(const core::SelectSpec& spec)
{
    const auto& search = spec.search;
    QStringList candidates;
    for (const auto& candidate : search.candidates)
        candidates += toQString(core::toString(candidate.kind));
    Line line(QStringLiteral("select"));
    line.word(spec.model)
        .value("--method", core::kSelectMethods, spec.method)
        .text("--text", spec.text)
        .scheme(spec.scheme)
        .kronecker(spec.kronecker)
        .option("--candidates", candidates.join(QLatin1Char(',')))
        .number("--samples", search.training.samples)
        .number("--seqlen", search.training.seqlen)
        .number("--epochs", search.training.epochs)
        .number("--batch", search.training.batch);
    if (search.mode == core::SearchMode::Oracle)
        line.flag("--oracle", true);
    else if (search.mode != core::SearchMode::Expected)
        line.value("--search-mode", core::kSearchModes, search.mode);
    if (search.starts > 1)
        line.number("--starts", search.starts);
    if (search.measure != core::HeldOutMeasure::BlockError)
        line.value("--measure", core::kHeldOutMeasures, search.measure);
    line.text("--checkpoints", spec.checkpoints).flag("--resume", search.training.resume);
    if (search.training.seed != 0)
        line.general("--seed", QString::number(search.training.seed));
    return line.join();
}

QString evaluateCommand(const core::EvaluateSpec& spec)
{
    Line line(QStringLiteral("evaluate"));
    line.word(spec.model).text("--reference", spec.reference).text("--text", spec.text);
    if (spec.seqlen > 0)
        line.number("--seqlen", static_cast<double>(spec.seqlen));
    line.value("--convention", core::kPerplexityConventions, spec.convention);
    if (spec.limitTokens > 0)
        line.number("--limit-tokens", static_cast<double>(spec.limitTokens));
    if (!spec.tasks.empty()) {
        QStringList tasks;
        for (const auto& task : spec.tasks)
            tasks.append(toQString(task));
        line.option("--tasks", tasks.join(QLatin1Char(','))).text("--tasks-dir", spec.tasksDir);
    }
    line.text("--items", spec.itemsFile);
    if (spec.limit > 0 && (!spec.tasks.empty() || !spec.itemsFile.empty()))
        line.number("--limit", static_cast<double>(spec.limit));
    return line.join();
}

QString dtypeName(core::DType dtype)
{
    return dtype == core::DType::F32 ? QStringLiteral("f32")
        : dtype == core::DType::BF16 ? QStringLiteral("bf16")
                                     : QStringLiteral("f16");
}

QString exportCommand(const core::ExportSpec& spec)
{
    auto command = QStringLiteral("planish export %1 --format %2 --out %3")
                       .arg(shellQuoted(toQString(spec.bundle)), shellQuoted(toQString(spec.format)),
                            shellQuoted(toQString(spec.out)));
    if (spec.dtype)
        command += QStringLiteral(" --dtype ") + dtypeName(*spec.dtype);
    if (!spec.verify)
        return command;
    command += QStringLiteral(" --verify");
    if (!spec.text.empty())
        command += QStringLiteral(" --text ") + shellQuoted(toQString(spec.text));
    return command + QStringLiteral(" --tokens %1").arg(spec.tokens);
}

QString chatCommand(const core::ChatSpec& spec)
{
    Line line(QStringLiteral("chat"));
    line.word(spec.model).text("--compare", spec.compare);
    for (const auto& message : spec.messages)
        if (message.role == "system")
            line.text("--system", message.content);
    if (!spec.messages.empty() && spec.messages.back().role == "user")
        line.text("--prompt", spec.messages.back().content);
    line.flag("--raw", spec.rawPrompt);
    const auto& options = spec.options;
    line.number("--max-tokens", options.maxTokens).number("--temperature", options.temperature);
    if (options.topK > 0)
        line.number("--top-k", options.topK);
    if (options.topP < 1.0)
        line.number("--top-p", options.topP);
    if (options.seed != 0)
        line.general("--seed", QString::number(options.seed));
    return line.join();
}

} // namespace ui
