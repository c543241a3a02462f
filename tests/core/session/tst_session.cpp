// SPDX-License-Identifier: Apache-2.0
// The whole main job through the facade, as both programs run it.
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/session/session.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/shared_data.h"
#include "tests/support/stories.h"
#include "tests/support/story_texts.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

namespace {

/** The two halves of the stories as files. */
struct Texts
{
    QTemporaryDir folder;
    std::string calibration = (fs::path(folder.path().toStdString()) / "calibration.txt").string();
    std::string evaluation = (fs::path(folder.path().toStdString()) / "evaluation.txt").string();

    Texts()
    {
        const auto texts = support::readStoryTexts(support::sharedFolder());
        writeFileAtomically(calibration, texts.calibration);
        writeFileAtomically(evaluation, texts.evaluation);
    }
    std::string path(const char* name) const { return (fs::path(folder.path().toStdString()) / name).string(); }
};

double perplexity(Session& session, const std::string& model, const Texts& texts)
{
    Progress progress;
    EvaluateSpec spec{.model = model, .reference = {}, .text = texts.evaluation, .seqlen = 512};
    return session.evaluate(spec, progress).perplexity->value;
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** shared/reference/flatquant/NOTES.md: identity matrices, no clipping, plain rounding in FlatQuant's own quantizers gives 18.303,
        801.57 and 1152.21 on the second half of the stories (full precision 5.0810). No step is random; a few codes on rounding
        ties, and sums of float32 in another order, move the figure by about a hundredth at 3 bits. */
    void plainRoundingGivesTheReferencePerplexity_data()
    {
        QTest::addColumn<int>("weight");
        QTest::addColumn<int>("cache");
        QTest::addColumn<double>("expected");
        QTest::newRow("full precision") << 16 << 16 << 5.0810146;
        QTest::newRow("W4A4KV4") << 4 << 4 << 18.3035;
        QTest::newRow("W3A3KV3") << 3 << 3 << 801.57;
        QTest::newRow("W3A3KV2") << 3 << 2 << 1152.21;
    }

    void plainRoundingGivesTheReferencePerplexity()
    {
        QFETCH(int, weight);
        QFETCH(int, cache);
        QFETCH(double, expected);
        PLANISH_NEEDS(fs::path(support::storiesModel().string()));
        const Texts texts;
        const auto session = createSession();
        Progress progress;
        auto model = support::storiesModel().string();
        if (weight < 16) {
            SelectSpec select{.model = model,
                              .method = SelectMethod::AllIdentity,
                              .ruleFile = {},
                              .overrides = {},
                              .scheme = {weight, weight, cache, cache, 0}};
            CalibrateSpec calibrate{.model = model,
                                    .plan = session->select(select, progress),
                                    .text = texts.calibration,
                                    .out = texts.path("bundle"),
                                    .options = {}};
            calibrate.options.epochs = 0;
            calibrate.options.samples = 4;
            calibrate.options.seqlen = 32;
            calibrate.options.clipping = Clipping::None;
            model = session->calibrate(calibrate, {}, progress).bundle;
        }
        const double value = perplexity(*session, model, texts);
        QVERIFY2(std::abs(value / expected - 1.0) < (weight == 3       ? 0.02
                                                         : weight < 16 ? 0.01
                                                                       : 1e-5),
                 qPrintable(QString("%1, expected %2").arg(value).arg(expected)));
    }

    void aTransformSpreadsAnOutlierChannel()
    {
        const auto path = support::sharedFolder() / "data/models/novels-8m-outliers";
        PLANISH_NEEDS(path);
        const Texts texts;
        const auto session = createSession();
        Progress progress;
        // planted.json: channels of the attention norm's gain of some blocks are 4 to 32 times as large.
        const auto planted = readJson(path / "planted.json");
        int block = -1;
        for (const auto& entry : planted.is_array() ? planted : planted.at("planted"))
            if (block < 0 && entry.at("site") == "AttentionIn")
                block = entry.at("block").get<int>();
        QVERIFY(block >= 0);
        CompareSpec spec{.model = path.string(),
                         .bundle = {},
                         .layer = {block, Role::Q},
                         .kind = TransformKind::Hadamard,
                         .scheme = {4, 4, 4, 4, 0},
                         .text = texts.calibration,
                         .tokens = 1024};
        const auto result = session->compareTransform(spec, progress);
        QCOMPARE(result.inputBefore.count, 1024 * 256);
        QVERIFY(result.inputAfter.absmax < result.inputBefore.absmax);
        QVERIFY(result.inputErrorAfter < result.inputErrorBefore);
    }

    void errorsNameWhatIsMissing()
    {
        const auto session = createSession();
        try {
            session->describe("/no/such/model");
            QFAIL("described");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::NotFound);
            QVERIFY(QString::fromStdString(describe(error)).contains("/no/such/model"));
        }
    }

    void aPlanOfAnotherModelIsRefused()
    {
        PLANISH_NEEDS(fs::path(support::storiesModel().string()));
        const Texts texts;
        const auto session = createSession();
        Progress progress;
        auto plan = session->select({.model = support::storiesModel().string(),
                                     .method = SelectMethod::AllAffine,
                                     .ruleFile = {},
                                     .overrides = {},
                                     .scheme = {}},
                                    progress);
        plan.model = std::string(64, '0');
        CalibrateSpec spec{.model = support::storiesModel().string(),
                           .plan = plan,
                           .text = texts.calibration,
                           .out = texts.path("bundle"),
                           .options = {}};
        QVERIFY_EXCEPTION_THROWN(session->calibrate(spec, {}, progress), Error);
        QVERIFY(!fs::exists(texts.path("bundle")));
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
