// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's sentences in German: single ones, and what the real engine says over the demo model. How many of those are not
// known is counted and printed; none of the reasons, warnings and progress texts may be.
#include "core/session/session.h"
#include "tests/support/paths.h"
#include "ui/convert.h"
#include "ui/engine_library.h"
#include "ui/engine_texts.h"
#include "ui/translations.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using ui::fromEngine;

namespace {

/** Everything a run told on its way. */
class Listening : public core::Progress
{
public:
    void report(double, std::string_view text) override
    {
        texts.insert(QString::fromUtf8(text.data(), qsizetype(text.size())));
    }
    void checkpoint() override {}

    QSet<QString> texts;
};

QStringList unknown(const QSet<QString>& texts)
{
    QStringList list;
    for (const auto& text : texts)
        if (!ui::isKnownToEngineTexts(text))
            list << text;
    list.sort();
    return list;
}

} // namespace

class TstEngineTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { ui::installTranslations(*QCoreApplication::instance(), QStringLiteral("de")); }

    void sentencesAreKnownWithWhatStandsInThem_data()
    {
        QTest::addColumn<QString>("english");
        QTest::addColumn<QString>("german");
        const auto row = [](const char* english, const char* german) {
            QTest::newRow(english) << QString::fromUtf8(english) << QString::fromUtf8(german);
        };
        row("you: rotation (automatic: affine)", "Sie: Rotation (automatisch: affin)");
        row("uncalibrated profile: affine everywhere (kurtosis 1.25, robust z -0.5 do not decide)",
            "ungeeichtes Profil: überall affin (Wölbung 1,25, robustes z -0,5 entscheiden nicht)");
        row("pooled kurtosis 3.1, robust z 4.2 passes the threshold 3.5 upwards",
            "gemeinsame Wölbung 3,1, robustes z 4,2 überschreitet die Schwelle 3,5");
        row("held-out error of rotation is 2.5 % below that of the best affine (+-0.4 %, margin 1.0 %); starts of "
            "affine "
            "differ by 0.3 %",
            "zurückgehaltener Fehler von Rotation ist 2,5 % kleiner als der des besten affin (±0,4 %, Spielraum 1,0 "
            "%); "
            "Anfänge von affin unterscheiden sich um 0,3 %");
        row("the error ended at 0.2, above the start's 0.1: back to the parameters of step 0 of 32, which are kept",
            "der Fehler endete bei 0,2, über dem des Anfangs 0,1: zurück zu den Parametern von Schritt 0 von 32, die "
            "bleiben");
        row("activations were quantized to 4 and 8 bits and are not here",
            "Aktivierungen waren auf 4 und 8 Bits quantisiert und sind hier nicht enthalten");
        row("block 3 of 8, epoch 2 of 15", "Block 3 von 8, Epoche 2 von 15");
        row("hellaswag: pass 3 of 10", "hellaswag: Durchgang 3 von 10");
        row("something that no version of the engine says", "something that no version of the engine says");
    }
    void sentencesAreKnownWithWhatStandsInThem()
    {
        QFETCH(QString, english);
        QFETCH(QString, german);
        QCOMPARE(fromEngine(english), german);
        QCOMPARE(fromEngine(english), german); // the second time too
    }

    void errorsNameTheirFile()
    {
        QCOMPARE(ui::errorText(core::Error(core::ErrorKind::NotFound, "no such file or folder", "/models/x")),
                 QStringLiteral("keine solche Datei und kein solcher Ordner (/models/x)"));
    }

    void whatTheRealEngineSaysIsKnown()
    {
        const auto library =
            QString::fromStdString(support::binaryFolder()) + QStringLiteral("/lib/libplanish-engine.so");
        if (!QFile::exists(library))
            QSKIP(qPrintable(QStringLiteral("no engine at %1: build it first").arg(library)));
        qputenv("PLANISH_ENGINE", library.toUtf8());
        const auto session = ui::loadEngineSession();
        QTemporaryDir scratch;
        const auto at = [&](const char* name) { return ui::toStd(scratch.filePath(QString::fromLatin1(name))); };
        session->writeDemo(at("demo"));
        const auto text = at("demo") + "/calibration.txt";
        Listening progress;
        QSet<QString> sentences;
        const auto add = [&sentences](const std::vector<std::string>& more) {
            for (const auto& each : more)
                sentences.insert(ui::toQString(each));
        };

        const auto profile =
            session->profile({.model = at("demo"), .text = text, .tokens = 256, .seqlen = 128}, {}, progress);
        add(profile.warnings);
        auto plan = session->select({.model = at("demo"), .overrides = {}}, progress);
        for (const auto mode :
             {core::GroupRule::Mode::Threshold, core::GroupRule::Mode::TwoSided, core::GroupRule::Mode::TopFraction}) {
            core::KurtosisRule rule;
            rule.attention.mode = rule.mlp.mode = mode;
            rule.attention.beta = rule.mlp.beta = 0.5;
            for (const auto& choice : session->applyRule(profile, rule, {}).modules)
                add({choice.reason.text});
        }
        for (const auto& choice : plan.modules)
            add({choice.reason.text});
        add(plan.warnings);

        core::CalibrateSpec spec{.model = at("demo"), .plan = plan, .text = text, .out = at("bundle"), .options = {}};
        spec.options.samples = 4;
        spec.options.seqlen = 32;
        spec.options.epochs = 1;
        add(session->preflight(spec, progress).warnings);
        const auto report = session->calibrate(spec, {}, progress);
        add(report.warnings);
        for (const auto& block : report.blocks)
            add(block.warnings);
        for (const auto* format : core::kExportFormats) {
            const auto outlook = session->exportOutlook({.bundle = at("bundle"), .format = format});
            add(outlook.lost);
            add({outlook.obstacle});
        }
        session->evaluate(
            {.model = at("bundle"), .reference = at("demo"), .text = text, .seqlen = 64, .limitTokens = 256}, progress);
        session->profileBundle(
            {.bundle = at("bundle"), .reference = at("demo"), .text = text, .tokens = 128, .seqlen = 64}, {}, progress);
        session->exportModel({.bundle = at("bundle"), .out = at("hf")}, progress);

        const auto strangers = unknown(sentences);
        const auto strangeNews = unknown(progress.texts);
        qInfo("%d sentences and %d progress texts, %d and %d not known", int(sentences.size()),
              int(progress.texts.size()), int(strangers.size()), int(strangeNews.size()));
        QVERIFY2(strangers.isEmpty(), qPrintable(strangers.join(QLatin1Char('\n'))));
        QVERIFY2(strangeNews.isEmpty(), qPrintable(strangeNews.join(QLatin1Char('\n'))));
        countErrors(*session, at("bundle"), at("demo"), text);
    }

private:
    /** Common mistakes; the count is told, and most are known. */
    static void countErrors(core::Session& session, const std::string& bundle, const std::string& demo,
                            const std::string& text)
    {
        Listening progress;
        const std::pair<const char*, std::function<void()>> mistakes[] = {
            {"no folder", [&] { session.describe(demo + "-gone"); }},
            {"no model", [&] { session.describe(demo + "/tasks"); }},
            {"no bundle", [&] { session.exportModel({.bundle = demo, .out = demo + "-out"}, progress); }},
            {"a bundle as reference",
             [&] { session.profileBundle({.bundle = bundle, .reference = bundle, .text = {}}, {}, progress); }},
            {"a short text",
             [&] { session.evaluate({.model = demo, .text = demo + "/config.json", .seqlen = 1 << 20}, progress); }},
            {"nothing to evaluate", [&] { session.evaluate({.model = demo}, progress); }},
            {"no place",
             [&] {
                 session.calibrate({.model = demo, .plan = {}, .text = text, .out = {}, .options = {}}, {}, progress);
             }},
            {"a place that is taken", [&] { session.exportModel({.bundle = bundle, .out = demo}, progress); }}};
        QStringList strangers;
        for (const auto& [name, mistake] : mistakes) {
            try {
                mistake();
                qWarning("%s: no error", name);
            } catch (const core::Error& error) {
                const auto what = ui::toQString(error.what());
                if (!ui::isKnownToEngineTexts(what))
                    strangers << what;
            }
        }
        qInfo("%d of %d errors not known: %s", int(strangers.size()), int(std::size(mistakes)),
              qPrintable(strangers.join(QStringLiteral(" | "))));
        QVERIFY2(strangers.size() <= 1, qPrintable(strangers.join(QLatin1Char('\n'))));
    }
};

QTEST_GUILESS_MAIN(TstEngineTexts)
#include "tst_engine_texts.moc"
