// SPDX-License-Identifier: GPL-3.0-or-later
// One table of all the engine's sentences that a person meets, and how they are told apart.
#include "ui/engine_texts.h"

#include "ui/convert.h"

#include <QCoreApplication>
#include <QHash>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <optional>
#include <vector>

namespace ui {

namespace {

// %1, %2, ...: what differs; it is looked up too. Of two that fit, the one that says more itself counts.
constexpr const char* kSentences[] = {
    // Words of the engine that stand inside its sentences.
    QT_TRANSLATE_NOOP("ui::EngineTexts", "identity"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "affine"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "rotation"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "hadamard"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "activations"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "cached keys"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "cached values"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "gates"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "held-out losses"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "kurtosis"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "pooled kurtosis"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "norm output kurtosis"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "largest over median channel"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1 and %2"),
    // Why a module has its kind: core/select, core/search.
    QT_TRANSLATE_NOOP("ui::EngineTexts", "kurtosis %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "pooled kurtosis %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "norm output kurtosis %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "largest over median channel %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the profile asks for %1 in every %2 module (%3 do not decide)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "uncalibrated profile: %1 everywhere (%2 do not decide)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 passes the threshold %3 upwards"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 does not pass the threshold %3 upwards"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 passes the threshold %3 downwards"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 does not pass the threshold %3 downwards"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 lies outside +-%3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 lies within +-%3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 is among the %3 % highest"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 is not among the %3 % highest"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 is among the %3 % lowest"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1, robust z %2 is not among the %3 % lowest"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "affine, since the %1 of this module is not a number"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the plan asks for %1 everywhere"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "you: %1 (automatic: %2)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "not searched: the first candidate"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the best of %1 starts by held-out error"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the best of %1 starts by held-out divergence"),
    QT_TRANSLATE_NOOP(
        "ui::EngineTexts",
        "%1 instead of %2: KL of the quantized model %3 instead of %4 nats (%5 +-%6) on %7 held-out tokens"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "nothing that was tried lowers the KL of the quantized model beyond its error; the best, %1, "
                      "moves it by %2 +-%3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "held-out error of %1 is %2 below that of the best %3 (+-%4, margin %5)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "held-out error of %1 is %2 above that of the best %3 (+-%4, margin %5)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "held-out divergence with %1 is %2 below that of the best %3 (+-%4, margin %5)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "held-out divergence with %1 is %2 above that of the best %3 (+-%4, margin %5)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "starts of %1 differ by %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the gate says %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "decided by the gate: %1"),
    // Warnings of profiles, rules, plans, searches and calibrations.
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "layer %1 holds %2 values that are not finite; they are left out of its statistics"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "module %1 has no kurtosis: the entries of one of its matrices are all equal, or none is finite"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "robust z of %1 rests on %2 blocks; below %3 it says little"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "the kurtosis profile is not calibrated for this model family and bit setting: kurtosis has not "
                      "been shown to predict the better transform here"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "attention: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "mlp: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "block %1: %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "kurtosis does not predict the better kind here (strongest of what was tried: %1 for %2, rho %3, "
                      "p %4 after the correction for all that was tried): affine everywhere; a search is recommended; "
                      "on models left out of the fit: %5 against %6, so it does not carry over"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "kurtosis does not predict the better kind here (strongest of what was tried: %1 for %2, rho %3, "
                      "p %4 after the correction for all that was tried): affine everywhere; a search is recommended; "
                      "on models left out of the fit: %5 against %6"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "fitted to %1 models of %2 at %3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "fitted to %1 model of %2 at %3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "attention: regret %1 over %2 modules, all affine %3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "mlp: regret %1 over %2 modules, all affine %3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "no plan yet: the search of these blocks is missing: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1 losses were not finite and were left out"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "gates and held-out losses name different kinds in %1 of %2 modules: the %3 decide"),
    QT_TRANSLATE_NOOP(
        "ui::EngineTexts",
        "needs about %1 of memory, and %2 are there: fewer or shorter windows and a smaller batch need less"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "needs about %1 on the disk, and %2 are free: write to another one"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "%1: back to the parameters of step %2 of %3, in fp32 instead of bf16 from here on"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1: back to the parameters of step %2 of %3, which are kept"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1: back to the parameters of step %2 of %3, rates halved to %4 and %5"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the error ended at %1, above the start's %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the loss of step %1 is %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "a gradient of step %1 is not finite at a loss of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "a parameter is not finite after step %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "their error of %1 is above the start's: the start is kept"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "trained in fp32 although bf16 was asked for: widths of 3 bits or less need it"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "guard rail: no uniform plan is better on held-out text (perplexity: %1)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "guard rail: use %1 instead, it is better on held-out text (perplexity: %2)"),
    // What an export leaves out: core/export.
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1 were quantized to %2 bits and are not here"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "the weights are the values of codes of %1 bits carried back through the transforms: stored as "
                      "floats, not packed"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "llama.cpp lets every token see all before it, where this model sees a window of %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "%1 matrices are stored as %2: llama.cpp runs no transform, so those behind one are folded back, "
                      "and its blocks of 32 hold symmetric codes of 2 to 8 bits and asymmetric ones of 2 to 4"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "%1 has no place for a transform that runs while the model does, and this module is %2; hf folds "
                      "transforms back, or choose identity for all modules"),
    // What is being done.
    QT_TRANSLATE_NOOP("ui::EngineTexts", "weights of layer %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "weights read"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "activations of block %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "activations read"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "block %1 of %2, epoch %3 of %4"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "block %1 of %2, %3 %4 of %5"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "block %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "search"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "comparing block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "comparing block %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "compared"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "reading block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "folding block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "rounding block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "writing block %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "writing %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "reading values"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "input of block %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "estimating memory and time on one block"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "window %1 of %2, perplexity so far %3"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "window %1 of %2, perplexity %3, reference %4, KL %5"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "pass %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1 of %2 requests"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "encoding %1 items"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "%1 tokens"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "resampling for the perplexity's standard error"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "storing window %1 of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "module %1 alone"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "waiting for the other ranks"),
    // The likeliest errors.
    QT_TRANSLATE_NOOP("ui::EngineTexts", "memory ran out: a smaller batch or shorter windows need less"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "no such file or folder"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "a model is a Hugging Face folder or a .gguf file"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the folder has no config.json, so it is not a Hugging Face model"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the folder has no config.json, so it is not a Hugging Face model%1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "folder holds neither %1 nor %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "file of %1 bytes is too short for safetensors (empty or cut?)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "is a GGUF file, not safetensors"),
    QT_TRANSLATE_NOOP(
        "ui::EngineTexts",
        "header says it is %1 bytes long, the file has %2 after the length (cut short, or not safetensors?)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "tensor '%1': bytes [%2, %3) leave the %4 tensor bytes of the file (cut short?)"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the tensors end at byte %1 of %2: the rest belongs to no tensor"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "shard '%1', one of %2, is missing"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "tensor has shape %1, the configuration asks for %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "model type '%1' is not supported: %2 are"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "GGUF architecture '%1' is not supported: %2 are"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "rope scaling '%1' is not supported: %2 are"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "activation '%1' is not supported: silu is"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "no tokenizer here: %1 is needed"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "is too large to be read into memory"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the text has %1 tokens, one window needs %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts",
                      "the text has %1 tokens, fewer than one window of %2; take a longer text or shorter windows"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the text has no tokens"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the plan was made for another model"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the plan has %1 blocks, the model %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "not a bundle written by Planish"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the bundle was made from another model"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "a bundle's weights are codes: the model it was made from is needed here"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "only a bundle can be exported: calibrate the model first"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "calibration needs a folder to write to"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "an export needs a place to write to"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the output exists and is no export of Planish; it is left alone"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the search needs a text"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "evaluation needs a text, tasks or items"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "where are the items of %1? name their folder, or a file as %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "a window of %1 tokens is longer than the model's context of %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "cannot open: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "cannot read: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "cannot write: %1"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "No space left on device"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "Permission denied"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "the top level is not a JSON object"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "not valid JSON at byte %1: %2"),
    QT_TRANSLATE_NOOP("ui::EngineTexts", "this rule looks at activations: it needs a text"),
};

constexpr qsizetype kKept = 4096; // looked up before

QString translated(const char* sentence)
{
    return QCoreApplication::translate("ui::EngineTexts", sentence);
}

struct Pattern
{
    const char* sentence;
    QRegularExpression expression;
    QList<int> places; // which %n each capture is
};

/** Whole numbers after what is counted, anything after a colon, else nothing that sentences are strung together with. */
QString whatStandsAfter(const QString& text)
{
    for (const auto* counted : {"block ", "step ", "window ", "pass "})
        if (text.endsWith(QLatin1String(counted)))
            return QStringLiteral("(\\d+)");
    return text.endsWith(QLatin1String(": ")) ? QStringLiteral("(.+?)") : QStringLiteral("([^:;]+?)");
}

Pattern patternOf(const char* sentence)
{
    static const QRegularExpression kPlace(QStringLiteral("%([1-9])"));
    const auto text = QString::fromLatin1(sentence);
    Pattern pattern{sentence, {}, {}};
    QString expression = QStringLiteral("^");
    qsizetype done = 0;
    for (auto places = kPlace.globalMatch(text); places.hasNext();) {
        const auto place = places.next();
        const auto before = text.mid(done, place.capturedStart() - done);
        expression += QRegularExpression::escape(before) + whatStandsAfter(before);
        pattern.places.append(place.captured(1).toInt());
        done = place.capturedEnd();
    }
    expression += QRegularExpression::escape(text.mid(done)) + QLatin1Char('$');
    pattern.expression = QRegularExpression(expression, QRegularExpression::DotMatchesEverythingOption);
    return pattern;
}

const std::vector<Pattern>& patterns()
{
    static const std::vector<Pattern> kPatterns = [] {
        std::vector<Pattern> made;
        for (const auto* sentence : kSentences)
            made.push_back(patternOf(sentence));
        const auto literal = [](const Pattern& pattern) {
            return qstrlen(pattern.sentence) - 2 * pattern.places.size();
        };
        std::stable_sort(made.begin(), made.end(),
                         [&](const Pattern& left, const Pattern& right) { return literal(left) > literal(right); });
        return made;
    }();
    return kPatterns;
}

/** Numbers with the decimal point of the person. */
std::optional<QString> number(const QString& text)
{
    static const QRegularExpression kNumber(QStringLiteral("^[-+]?\\d+\\.?\\d*(e[-+]?\\d+)?( %)?$"));
    if (!kNumber.match(text).hasMatch())
        return {};
    return QString(text).replace(QLatin1Char('.'), QLocale().decimalPoint());
}

std::optional<QString> known(const QString& english);

QString knownOrSame(const QString& english)
{
    return known(english).value_or(english);
}

std::optional<QString> knownPattern(const QString& english)
{
    for (const auto& pattern : patterns()) {
        const auto match = pattern.expression.match(english);
        if (!match.hasMatch())
            continue;
        static const QRegularExpression kPlace(QStringLiteral("%([1-9])"));
        const auto sentence = translated(pattern.sentence);
        QString text;
        qsizetype done = 0;
        for (auto places = kPlace.globalMatch(sentence); places.hasNext();) {
            const auto place = places.next();
            const auto capture = pattern.places.indexOf(place.captured(1).toInt());
            text += sentence.mid(done, place.capturedStart() - done) + knownOrSame(match.captured(int(capture) + 1));
            done = place.capturedEnd();
        }
        return text + sentence.mid(done);
    }
    return {};
}

/** "hellaswag: pass 3 of 10": a name before what is known. */
std::optional<QString> knownBehindName(const QString& english)
{
    const auto end = english.indexOf(QStringLiteral(": "));
    if (end <= 0 || english.left(end).contains(QLatin1Char(' ')))
        return {};
    const auto rest = known(english.mid(end + 2));
    return rest ? std::optional(english.left(end + 2) + *rest) : std::nullopt;
}

/** Sentences that are strung together by semicolons are known where each is. */
std::optional<QString> known(const QString& english)
{
    if (auto found = number(english))
        return found;
    if (auto found = knownPattern(english))
        return found;
    if (auto found = knownBehindName(english))
        return found;
    const auto end = english.indexOf(QStringLiteral("; "));
    if (end < 0)
        return {};
    const auto first = knownPattern(english.left(end));
    const auto rest = known(english.mid(end + 2));
    return first && rest ? std::optional(*first + QStringLiteral("; ") + *rest) : std::nullopt;
}

} // namespace

QString fromEngine(const QString& english)
{
    static QHash<QString, QString> kept;
    static QString language;
    if (const auto now = translated("affine") + QLocale().name(); now != language || kept.size() > kKept) {
        kept.clear(); // of another language
        language = now;
    }
    const auto found = kept.constFind(english);
    return found != kept.cend() ? *found : *kept.insert(english, knownOrSame(english));
}

QString fromEngine(const std::string& english)
{
    return fromEngine(toQString(english));
}

QString errorText(const core::Error& error)
{
    const auto what = fromEngine(std::string(error.what()));
    return error.context().empty() ? what : QStringLiteral("%1 (%2)").arg(what, toQString(error.context()));
}

bool isKnownToEngineTexts(const QString& english)
{
    return english.isEmpty() || known(english).has_value();
}

} // namespace ui
