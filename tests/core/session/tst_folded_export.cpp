// SPDX-License-Identifier: Apache-2.0
// Folded exports, and the models they were made from, in transformers and lm-evaluation-harness: what they compute there is what
// is computed here.
#include "core/eval/scoring.h"
#include "core/eval/task_file.h"
#include "core/eval/task_items.h"
#include "core/session/session.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/loaded_model.h"
#include "tests/support/reference_python.h"
#include "tests/support/tensor_checks.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

namespace {

const fs::path kDemo = fs::path(support::sourceFolder()) / "resources/demo";

/** float32 sums in other orders differ by about 1e-5; 1e-3 is what is promised, of single logits and of an item's sum. */
constexpr double kTolerance = 1e-3;

/** Requests of the first items of all six tasks. transformers 5 reads double spaces unlike SentencePiece, and leaves out
    characters that a vocabulary does not have: texts have neither. */
std::vector<ScoreRequest> requestsOfTheDemo(const Tokenizer& tokenizer)
{
    std::vector<ScoreRequest> requests;
    for (const auto& task : shippedTasks()) {
        const auto definition = findTask(task);
        for (const auto& item : readTaskItems(definition, findTaskFile(definition, kDemo / "tasks"), 8).items)
            for (const auto& request : item.requests) {
                const auto ids = tokenizer.encode(request.context + request.continuation, SpecialTokens::Add);
                if (std::none_of(ids.begin(), ids.end(), [&](int id) { return tokenizer.piece(id) == "<unk>"; }))
                    requests.push_back(request);
            }
    }
    return requests;
}

/** Random ids below the vocabulary, from a fixed seed: [2, 24]. */
at::Tensor someIds(const ModelInfo& info)
{
    at::manual_seed(11);
    return at::randint(3, std::min<std::int64_t>(500, info.vocab), {2, 24}, at::kLong);
}

Json rows(const at::Tensor& ids)
{
    auto json = Json::array();
    for (std::int64_t row = 0; row < ids.size(0); ++row) {
        const auto* begin = ids.const_data_ptr<std::int64_t>() + row * ids.size(1);
        json.push_back(std::vector<std::int64_t>(begin, begin + ids.size(1)));
    }
    return json;
}

} // namespace

class FoldedExportTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path path(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    /** What the programs say of each folder; empty and a failed test where they do not run. */
    Json askTheHarness(const std::vector<fs::path>& folders, const Json& ids, std::span<const ScoreRequest> requests)
    {
        auto work = Json{{"folders", Json::array()}, {"ids", ids}, {"requests", Json::array()}};
        for (const auto& folder : folders)
            work["folders"].push_back(folder.string());
        for (const auto& request : requests)
            work["requests"].push_back({request.context, request.continuation});
        writeFileAtomically(path("work.json"), work.dump());
        QProcess process;
        process.start(QString::fromStdString(support::referencePython()),
                      {QString::fromStdString(support::sourceFolder() + "/tests/support/harness_scores.py"),
                       QString::fromStdString(path("work.json")), QString::fromStdString(path("result.json"))});
        if (process.waitForFinished(600000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
            return readJson(path("result.json"));
        QTest::qFail(process.readAllStandardError().right(2000).constData(), __FILE__, __LINE__);
        return {};
    }

    static void compare(const char* what, const Model& model, const Tokenizer& tokenizer, const at::Tensor& ids,
                        std::span<const ScoreRequest> requests, const Json& theirs)
    {
        const at::NoGradGuard noGrad;
        std::vector<double> values;
        for (const auto& row : theirs.at("logits"))
            for (const auto& token : row)
                for (const auto& value : token)
                    values.push_back(value.get<double>());
        const auto logits = model.logits(model.hiddenStates(ids));
        QCOMPARE(static_cast<std::int64_t>(values.size()), logits.numel());
        const auto apart = support::largestDifference(logits.flatten(), at::tensor(values, at::kDouble));
        Progress progress;
        const auto scores = scoreRequests(model, &tokenizer, requests, {}, progress);
        double worst = 0.0;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            worst = std::max(worst, std::abs(scores[i].sum - theirs.at("requests")[i][0].get<double>()));
            QCOMPARE(scores[i].greedy, theirs.at("requests")[i][1].get<bool>());
        }
        qInfo("%s: a logit is at most %.2g away, a log-likelihood %.2g", what, apart, worst);
        PLANISH_AT_MOST(apart, kTolerance);
        PLANISH_AT_MOST(worst, kTolerance);
    }

private Q_SLOTS:
    void transformersAndTheHarnessSayTheSame_data()
    {
        QTest::addColumn<QString>("source");
        const auto models = support::sharedFolder() / "data/models";
        for (const auto& [name, folder] : {std::pair("stories260k", models / "stories260k/hf"),
                                           std::pair("stories260k as GGUF", models / "stories260k/tinyllm.gguf"),
                                           std::pair("babyllama-char105", models / "babyllama-char105/hf"),
                                           std::pair("novels-8m", models / "novels-8m"), std::pair("demo", kDemo)})
            QTest::newRow(name) << QString::fromStdString(folder);
    }

    /** The full-precision folder, the export in the source's type beside how it is read here, and the export in float32 beside
        the bundle itself without quantizers of activations and caches. */
    void transformersAndTheHarnessSayTheSame()
    {
        QFETCH(QString, source);
        const fs::path model = source.toStdString();
        PLANISH_NEEDS(model);
        if (support::referencePython().empty())
            QSKIP("no Python with transformers and lm-eval: packaging/reference.sh makes one, or "
                  "PLANISH_REFERENCE_PYTHON "
                  "names it");
        const std::string name = QTest::currentDataTag();
        const auto bundle = path(name);
        support::writeCalibratedBundle(model, {4, 4, 4, 4, 0}, bundle);
        Progress progress;
        ExportSpec spec;
        spec.bundle = bundle.string();
        spec.out = path(name + " folded").string();
        createSession()->exportModel(spec, progress);
        spec.out = path(name + " in float32").string();
        spec.dtype = DType::F32;
        createSession()->exportModel(spec, progress);

        std::vector<fs::path> folders{path(name + " folded"), path(name + " in float32")};
        if (fs::is_directory(model))
            folders.push_back(model);
        const auto folded = support::loadModel(folders[0]);
        const auto ids = someIds(folded.model->info());
        const auto requests = requestsOfTheDemo(*folded.tokenizer);
        QVERIFY(requests.size() >= 20); // a vocabulary of characters has no line break, which most questions hold
        const auto theirs = askTheHarness(folders, rows(ids), requests);
        QCOMPARE(theirs.size(), folders.size());
        compare("the folded export", *folded.model, *folded.tokenizer, ids, requests, theirs[0]);
        const auto weights = loadBundle(bundle, at::kCPU, progress, BundleQuantizers::WeightsOnly);
        compare("in float32, beside the bundle", *weights, *folded.tokenizer, ids, requests, theirs[1]);
        if (folders.size() > 2) {
            const auto full = support::loadModel(model);
            compare("full precision", *full.model, *full.tokenizer, ids, requests, theirs[2]);
        }
    }
};

QTEST_GUILESS_MAIN(FoldedExportTest)
#include "tst_folded_export.moc"
