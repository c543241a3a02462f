// SPDX-License-Identifier: Apache-2.0
// Long, as all that needs the demo unpacked and loaded shares one copy.
#include "core/base/error.h"
#include "core/eval/perplexity.h"
#include "core/eval/scoring.h"
#include "core/io/json.h"
#include "core/quant/quantizer.h"
#include "core/session/demo_model.h"
#include "core/session/embedded_files.h"
#include "core/session/session.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <sstream>

using core::Json;
namespace fs = std::filesystem;

namespace {

std::int64_t integer(const Json& record, const char* key)
{
    return record.at(key).get<std::int64_t>();
}

/** Takes one planted outlier back, by what planted.json says of it: the inverse of each product, exact in float32. */
void unplant(core::Model::Parts& parts, const Json& record)
{
    auto& weights = parts.blocks.at(static_cast<std::size_t>(integer(record, "block"))).weights;
    const auto& info = parts.info;
    const auto kind = record.at("kind").get<std::string>();
    const auto channel = integer(record, "channel");
    const double factor = record.at("factor").get<double>();
    if (kind == "norm_gain") {
        const bool attention = record.at("site") == "AttentionIn";
        (attention ? weights.inputNorm : weights.postNorm).select(0, channel).div_(factor);
        for (auto* matrix :
             attention ? std::vector{&weights.q, &weights.k, &weights.v} : std::vector{&weights.gate, &weights.up})
            matrix->select(1, channel).mul_(factor);
        return;
    }
    if (kind == "up_row") {
        weights.up.select(0, channel).div_(factor);
        weights.down.select(1, channel).mul_(factor);
        return;
    }
    const auto head = integer(record, "head");
    const auto group = info.heads / info.kvHeads;
    if (kind == "value_row") {
        weights.v.select(0, head * info.headDim + channel).div_(factor);
        for (auto query = head * group; query < (head + 1) * group; ++query)
            weights.o.select(1, query * info.headDim + channel).mul_(factor);
        return;
    }
    for (const auto row : {channel, channel + info.headDim / 2}) { // rope_pair
        weights.k.select(0, head * info.headDim + row).div_(factor);
        for (auto query = head * group; query < (head + 1) * group; ++query)
            weights.q.select(0, query * info.headDim + row).mul_(factor);
    }
}

/** Largest absolute value of each channel at each site, [channels] or [kv_heads * head_dim]. */
std::map<core::SiteId, at::Tensor> channelMaxima(const core::Model& model, const at::Tensor& ids)
{
    std::map<core::SiteId, at::Tensor> maxima;
    const core::Tap tap = [&](const core::SiteId& site, const at::Tensor& x) {
        const auto magnitude = x.abs();
        maxima[site] = x.dim() == 4 ? magnitude.amax({0, 2}).flatten() : magnitude.amax({0, 1});
    };
    model.hiddenStates(ids, nullptr, &tap);
    return maxima;
}

/** Every activation rounded to `bits` as it is, no transform. */
class NaiveHook : public core::BlockHook
{
public:
    explicit NaiveHook(int bits)
        : m_bits(bits)
    {
    }

    at::Tensor atSite(core::Site site, const at::Tensor& x) const override
    {
        const bool cache = site == core::Site::KeyCache || site == core::Site::ValueCache;
        return cache ? core::quantizeCache(x, m_bits, {}) : core::quantizeActivation(x, m_bits, {});
    }

private:
    int m_bits;
};

core::Model::Parts roundedNaively(core::Model::Parts parts, int bits)
{
    for (auto& block : parts.blocks) {
        for (const auto role : core::kBlockRoles)
            block.weights.matrix(role) = core::quantizeWeight(block.weights.matrix(role), bits, 0);
        block.hook = std::make_shared<NaiveHook>(bits);
    }
    return parts;
}

/** ARC's form and the harness's context, one request for each choice. */
double arcAccuracy(const core::Model& model, const core::Tokenizer& tokenizer, const fs::path& path)
{
    std::vector<core::ScoreRequest> requests;
    std::vector<std::pair<std::size_t, std::size_t>> items; // choices, gold
    std::istringstream lines(core::readFile(path));
    for (std::string line; std::getline(lines, line);) {
        const auto item = core::parseJson(line, path.string());
        const auto labels = item.at("choices").at("label").get<std::vector<std::string>>();
        const auto gold =
            std::find(labels.begin(), labels.end(), item.at("answerKey").get<std::string>()) - labels.begin();
        items.emplace_back(labels.size(), static_cast<std::size_t>(gold));
        for (const auto& choice : item.at("choices").at("text"))
            requests.push_back({{},
                                "Question: " + item.at("question").get<std::string>() + "\nAnswer:",
                                " " + choice.get<std::string>()});
    }
    core::Progress silent;
    const auto results = core::scoreRequests(model, &tokenizer, requests, {}, silent);
    std::size_t at = 0;
    std::size_t right = 0;
    for (const auto& [choices, gold] : items) {
        const auto best = std::max_element(results.begin() + long(at), results.begin() + long(at + choices),
                                           [](const auto& a, const auto& b) { return a.sum < b.sum; });
        right += best - results.begin() == long(at + gold) ? 1 : 0;
        at += choices;
    }
    return double(right) / double(items.size());
}

} // namespace

class TestDemoModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_folder = fs::path(m_temporary.path().toStdString()) / "demo";
        core::writeDemoModel(m_folder);
        m_manifest = core::readJson(m_folder / "manifest.json");
        m_planted = core::readJson(m_folder / "planted.json");
        m_tokenizer = core::loadTokenizer(m_folder);
        m_model = core::Model::load(core::ModelFiles::open(m_folder), {}, m_silent);
    }

    void writtenFilesMatchTheirManifest()
    {
        std::set<std::string> listed;
        std::uintmax_t total = 0;
        for (const auto& [path, file] : m_manifest.at("files").items()) {
            const auto content = core::readFile(m_folder / path);
            QCOMPARE(content.size(), file.at("bytes").get<std::size_t>());
            QCOMPARE(core::sha256(content), file.at("sha256").get<std::string>());
            listed.insert(path);
            total += content.size();
        }
        for (const char* path : {"config.json", "model.safetensors", "tokenizer.model", "calibration.txt", "test.txt"})
            QVERIFY2(listed.contains(path), path);
        // Sizes that the package allows: 8 MB in all, 6 MB of weights.
        QVERIFY(total < 8000000);
        QVERIFY(fs::file_size(m_folder / "model.safetensors") < 6000000);
    }

    void everyTaskHasTwoHundredItems()
    {
        for (const char* path :
             {"arc_easy/test.jsonl", "arc_challenge/test.jsonl", "hellaswag/validation.jsonl",
              "lambada_openai/test.jsonl", "piqa/valid.jsonl", "piqa/valid-labels.lst", "winogrande/dev.jsonl"}) {
            const auto content = core::readFile(m_folder / "tasks" / path);
            QCOMPARE(std::count(content.begin(), content.end(), '\n'), 200);
        }
    }

    void refusesAFolderThatHoldsSomethingElse()
    {
        const auto folder = m_folder.parent_path() / "other";
        fs::create_directories(folder);
        core::writeFileAtomically(folder / "config.json", "{}");
        QVERIFY_THROWS_EXCEPTION(core::Error, core::writeDemoModel(folder));
        QCOMPARE(core::readFile(folder / "config.json"), std::string("{}"));
    }

    void writesOverAnEarlierDemoModelAndIntoAnEmptyFolder()
    {
        const auto folder = m_folder.parent_path() / "again";
        fs::create_directories(folder);
        core::writeDemoModel(folder);
        core::writeFileAtomically(folder / "test.txt", "changed");
        core::writeDemoModel(folder);
        QCOMPARE(core::readFile(folder / "test.txt"), core::readFile(m_folder / "test.txt"));
    }

    void tokenizerCutsWordsAndFallsBackToBytes()
    {
        QCOMPARE(m_tokenizer->vocabSize(), 1024);
        const auto ids = m_tokenizer->encode("Mara lives in Eastford.", core::SpecialTokens::Add);
        QCOMPARE(ids.front(), 1);
        QVERIFY(ids.size() < 12); // words, not letters
        // A sign that the text never had becomes its UTF-8 bytes, which stand behind the three special pieces.
        const auto snow = m_tokenizer->encode("\xe2\x98\x83", core::SpecialTokens::Omit);
        QVERIFY(snow.size() >= 3);
        QCOMPARE(std::vector<int>(snow.end() - 3, snow.end()), (std::vector<int>{3 + 0xe2, 3 + 0x98, 3 + 0x83}));
    }

    void unplantingChangesNoLogit()
    {
        const at::NoGradGuard noGradients;
        auto parts = copiedParts();
        for (const auto& record : m_planted)
            unplant(parts, record);
        const core::Model plain(parts);
        const auto ids = testTokens(512);
        const auto planted = m_model->logits(m_model->hiddenStates(ids));
        const auto unplanted = plain.logits(plain.hiddenStates(ids));
        // Factors are powers of two: every product stays the same number. What may differ is the rounding of sums that
        // a
        // matrix product adds up in another order.
        const double scale = unplanted.abs().max().item<double>();
        QVERIFY((planted - unplanted).abs().max().item<double>() <= 1e-5 * scale);
    }

    void plantedChannelsStandOutBySoMuch()
    {
        const at::NoGradGuard noGradients;
        auto parts = copiedParts();
        for (const auto& record : m_planted)
            unplant(parts, record);
        const core::Model plain(parts);
        const auto ids = testTokens(512);
        const auto with = channelMaxima(*m_model, ids);
        const auto without = channelMaxima(plain, ids);
        std::set<std::string> kinds;
        for (const auto& record : m_planted) {
            const auto site = core::parseSiteId(std::to_string(integer(record, "block")) + "."
                                                + record.at("site").get<std::string>());
            const auto head = record.contains("head") ? integer(record, "head") : 0;
            const auto channel = head * m_model->info().headDim + integer(record, "channel");
            const double before = without.at(site)[channel].item<double>();
            const double after = with.at(site)[channel].item<double>();
            const double factor = record.at("factor").get<double>();
            QVERIFY(factor >= 8.0 && factor <= 64.0);
            QVERIFY(std::abs(after / before / factor - 1.0) < 1e-3);
            // An outlier for a person who looks at the site: well above the usual channel.
            QVERIFY2(after > 4.0 * with.at(site).median().item<double>(), record.dump().c_str());
            kinds.insert(record.at("kind").get<std::string>());
        }
        QCOMPARE(kinds, (std::set<std::string>{"norm_gain", "rope_pair", "up_row", "value_row"}));
    }

    /** A window asks about a layer while a calibration runs: at a checkpoint, on the same thread and session. */
    void aQuestionAtACheckpointLeavesACalibrationAsItIs()
    {
        class Asking : public core::Progress
        {
        public:
            void checkpoint() override
            {
                if (!question || ++checkpoints % 7 != 0 || asked > 3)
                    return;
                ++asked;
                question();
            }
            std::function<void()> question;
            int checkpoints = 0, asked = 0;
        };
        QTemporaryDir folder;
        const auto session = core::createSession();
        core::CalibrateSpec spec;
        spec.model = m_folder.string();
        spec.text = (m_folder / "calibration.txt").string();
        Asking plain;
        spec.plan = session->select({.model = spec.model, .method = core::SelectMethod::AllRotation}, plain);
        spec.options.samples = 8;
        spec.options.seqlen = 32;
        spec.options.epochs = 2;
        const auto calibrate = [&](const char* name, core::Progress& progress) {
            spec.out = folder.filePath(QString::fromLatin1(name)).toStdString();
            std::vector<double> errors;
            for (const auto& block : session->calibrate(spec, {}, progress).blocks)
                errors.push_back(block.errorEnd);
            return errors;
        };
        const auto undisturbed = calibrate("plain", plain);
        Asking asking;
        asking.question = [&] {
            core::Progress nothing;
            const auto answer = session->compareTransform({.model = spec.model,
                                                           .bundle = {},
                                                           .layer = {1, core::Role::Down},
                                                           .kind = core::TransformKind::Affine,
                                                           .scheme = {},
                                                           .text = spec.text,
                                                           .tokens = 128},
                                                          nothing);
            QVERIFY(answer.weightBefore.count > 0 && answer.inputAfter.count > 0);
        };
        const auto disturbed = calibrate("asked", asking);
        QCOMPARE(asking.asked, 4);
        QVERIFY(undisturbed == disturbed); // bit by bit
    }

    /** What is done of an evaluation is counted in bytes that are read, so that the time left is right from the beginning: the
        text's 500 tokens at four bytes beside the 14,722 bytes of ARC's questions ("Question: " and "\nAnswer:" around them)
        and choices (a space before each), added up by a script over tasks/arc_easy/test.jsonl. */
    void progressOfAnEvaluationCountsWhatIsRead()
    {
        class Watch : public core::Progress
        {
        public:
            void report(double fraction, std::string_view text) override
            {
                const bool isTask = text.find("arc_easy") != std::string_view::npos;
                (isTask ? end : afterText) = fraction;
                falls = falls || fraction < last;
                last = fraction;
            }
            double afterText = 0.0, end = 0.0, last = 0.0;
            bool falls = false;
        };
        Watch watch;
        core::EvaluateSpec spec{.model = m_folder.string(),
                                .reference = {},
                                .text = (m_folder / "test.txt").string(),
                                .seqlen = 128,
                                .limitTokens = 500};
        spec.tasks = {"arc_easy"};
        spec.tasksDir = (m_folder / "tasks").string();
        const auto report = core::createSession()->evaluate(spec, watch);
        QVERIFY(report.perplexity && report.tasks.size() == 1);
        QVERIFY2(std::abs(watch.afterText - 2000.0 / (2000.0 + 14722.0)) < 1e-3,
                 std::to_string(watch.afterText).c_str());
        QVERIFY(!watch.falls && std::abs(watch.end - 1.0) < 1e-9);
    }

    void knowsTheFactsOfItsWorld()
    {
        // The project's target for easy facts is 0.85; two-step questions have four choices, so chance is 0.25 (sd 0.031 at 200).
        const double easy = arcAccuracy(*m_model, *m_tokenizer, m_folder / "tasks/arc_easy/test.jsonl");
        QVERIFY(easy >= 0.85);
        QVERIFY(arcAccuracy(*m_model, *m_tokenizer, m_folder / "tasks/arc_challenge/test.jsonl") >= 0.40);
        // One item in 200 may flip where another processor adds up in another order.
        QVERIFY(std::abs(easy - m_manifest.at("scores").at("arc_easy").get<double>()) < 0.0051);
    }

    void heldOutTextIsAsPerplexingAsTheManifestSays()
    {
        QVERIFY(std::abs(perplexity(*m_model, 0) / m_manifest.at("scores").at("perplexity").get<double>() - 1.0)
                < 1e-3);
    }

    void naiveThreeBitsBreakIt()
    {
        const at::NoGradGuard noGradients;
        const core::Model rounded(roundedNaively(copiedParts(), 3));
        constexpr std::int64_t kTokens = 8192;
        QVERIFY(perplexity(rounded, kTokens) > 2.0 * perplexity(*m_model, kTokens));
    }

private:
    core::Model::Parts copiedParts() const
    {
        auto parts = m_model->parts();
        for (auto& block : parts.blocks) {
            auto& weights = block.weights;
            for (const auto role : core::kBlockRoles)
                weights.matrix(role) = weights.matrix(role).clone();
            weights.inputNorm = weights.inputNorm.clone();
            weights.postNorm = weights.postNorm.clone();
        }
        return parts;
    }

    std::vector<int> testIds() const
    {
        return m_tokenizer->encode(core::readFile(m_folder / "test.txt"), core::SpecialTokens::Add);
    }

    at::Tensor testTokens(std::int64_t count) const
    {
        const auto ids = testIds();
        return at::tensor(std::vector<std::int64_t>(ids.begin(), ids.begin() + count)).unsqueeze(0);
    }

    double perplexity(const core::Model& model, std::int64_t limitTokens)
    {
        return core::measurePerplexity(model, testIds(), {.limitTokens = limitTokens}, m_silent).value;
    }

    QTemporaryDir m_temporary;
    fs::path m_folder;
    Json m_manifest;
    Json m_planted;
    std::shared_ptr<const core::Tokenizer> m_tokenizer;
    std::shared_ptr<const core::Model> m_model;
    core::Progress m_silent;
};

QTEST_GUILESS_MAIN(TestDemoModel)
#include "tst_demo_model.moc"
