// SPDX-License-Identifier: Apache-2.0
#include "core/eval/reference_scores.h"

#include "core/base/error.h"
#include "core/eval/passes.h"
#include "core/eval/token_scores.h"
#include "core/io/json.h"
#include "core/io/safetensors_header.h"
#include "core/io/safetensors_writer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "planish-reference";
constexpr const char* kSchema = "1";
constexpr double kLargestCode = 65535.0;

std::map<std::string, std::string> metadataOf(const ReferenceRun& run)
{
    return {{"format", kFormat},
            {"schema", kSchema},
            {"model", run.model},
            {"model_hash", run.modelHash},
            {"text_hash", run.textHash},
            {"ids_hash", run.idsHash},
            {"convention", std::string(wordFor(kPerplexityConventions, run.convention))},
            {"windows", std::to_string(run.windows)},
            {"seqlen", std::to_string(run.seqlen)},
            {"scored", std::to_string(run.scored)}};
}

/** A row of log-probabilities as codes: fills `codes` and returns top and spread. NaN and infinities have no codes: `row` names the
    scored token of the whole run for the error. */
std::pair<float, float> encodeRow(std::span<const double> values, std::int64_t row, std::uint16_t* codes)
{
    const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
    const auto top = static_cast<float>(*largest);
    const auto spread = static_cast<float>(*largest - *smallest);
    if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
        throw Error(ErrorKind::Numeric,
                    "the model's logits are not finite at scored token " + std::to_string(row)
                        + ": there is nothing to compare with");
    const double scale = spread > 0.0f ? 1.0 / spread : 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double below = std::clamp((top - values[i]) * scale, 0.0, 1.0);
        codes[i] = static_cast<std::uint16_t>(std::lround(kLargestCode * std::sqrt(below)));
    }
    return {top, spread};
}

std::int64_t wholeNumber(const TensorSet& tensors, const std::string& key, const std::string& file)
{
    const auto found = tensors.metadata().find(key);
    std::int64_t value = 0;
    const bool digits = found != tensors.metadata().end() && !found->second.empty() && found->second.size() < 12
        && found->second.find_first_not_of("0123456789") == std::string::npos;
    if (digits)
        value = std::stoll(found->second);
    if (value < 1)
        throw Error(ErrorKind::Corrupt, "the stored run has no usable '" + key + "' in its metadata", file);
    return value;
}

void requireTensor(const TensorSet& tensors, const char* name, DType type, const std::vector<std::int64_t>& shape)
{
    const auto& view = tensors.at(name);
    if (view.dtype != type || view.shape != shape)
        throw Error(ErrorKind::Corrupt,
                    "a stored run of this size needs " + std::string(toString(type)) + " " + Json(shape).dump()
                        + ", there is " + std::string(toString(view.dtype)) + " " + Json(view.shape).dump(),
                    view.file + ": " + view.name);
}

} // namespace

bool isReferenceScores(const fs::path& path)
{
    if (!fs::is_regular_file(path) || path.extension() == ".gguf")
        return false;
    char start[9] = {};
    std::ifstream(path, std::ios::binary).read(start, sizeof start); // header length, then JSON
    return start[8] == '{' || path.extension() == ".safetensors";
}

ReferenceScores ReferenceScores::open(const fs::path& path)
{
    ReferenceScores scores;
    auto mapped = MappedFile::open(path); // whatever the file is called
    auto header = parseSafetensors(mapped->bytes(), path.string());
    scores.m_tensors = std::make_shared<const TensorSet>(std::vector{std::move(mapped)}, std::move(header.tensors),
                                                         std::move(header.metadata));
    const auto& tensors = *scores.m_tensors;
    const auto file = path.string();
    const auto text = [&](const char* key) {
        const auto found = tensors.metadata().find(key);
        return found == tensors.metadata().end() ? std::string() : found->second;
    };
    if (text("format") != kFormat)
        throw Error(ErrorKind::Corrupt, "not a stored run of a reference model (evaluate --save-reference writes one)",
                    file);
    if (text("schema") != kSchema)
        throw Error(ErrorKind::Unsupported,
                    "a stored run of schema " + text("schema") + ", this program reads " + kSchema, file);
    auto& run = scores.m_run;
    run.model = text("model");
    run.modelHash = text("model_hash");
    run.textHash = text("text_hash");
    run.idsHash = text("ids_hash");
    if (text("convention") != "gptq" && text("convention") != "llama.cpp")
        throw Error(ErrorKind::Corrupt, "the stored run has the unknown convention '" + text("convention") + "'", file);
    run.convention = valueOf(kPerplexityConventions, text("convention"));
    run.windows = wholeNumber(tensors, "windows", file);
    run.seqlen = wholeNumber(tensors, "seqlen", file);
    run.scored = wholeNumber(tensors, "scored", file);
    const auto& codes = tensors.at("codes");
    run.vocab = codes.shape.size() == 2 ? codes.shape[1] : 0;
    requireTensor(tensors, "codes", DType::U16, {run.rows(), run.vocab});
    requireTensor(tensors, "range", DType::F32, {run.rows(), 2});
    requireTensor(tensors, "loss", DType::F64, {run.rows()});
    return scores;
}

at::Tensor ReferenceScores::logProbabilities(std::int64_t begin, std::int64_t count) const
{
    const auto vocab = static_cast<std::size_t>(m_run.vocab);
    const auto* codes = m_tensors->at("codes").bytes.data() + static_cast<std::size_t>(begin) * vocab * 2;
    const auto* ranges = m_tensors->at("range").bytes.data() + static_cast<std::size_t>(begin) * 8;
    auto result = at::empty({count, m_run.vocab}, at::kDouble);
    auto* values = result.mutable_data_ptr<double>();
    for (std::size_t row = 0; row < static_cast<std::size_t>(count); ++row) {
        float range[2];
        std::memcpy(range, ranges + row * 8, 8); // nothing in the file need be aligned
        for (std::size_t i = 0; i < vocab; ++i) {
            std::uint16_t code;
            std::memcpy(&code, codes + (row * vocab + i) * 2, 2);
            const double root = code / kLargestCode;
            values[row * vocab + i] = range[0] - range[1] * root * root;
        }
    }
    return result.log_softmax(-1);
}

at::Tensor ReferenceScores::losses(std::int64_t begin, std::int64_t count) const
{
    auto result = at::empty({count}, at::kDouble);
    const auto* bytes = m_tensors->at("loss").bytes.data() + static_cast<std::size_t>(begin) * 8;
    std::memcpy(result.mutable_data_ptr<double>(), bytes, static_cast<std::size_t>(count) * 8);
    return result;
}

std::string idsHash(const TextWindows& windows)
{
    const auto ids = windows.ids(0, windows.count()).contiguous();
    return sha256({static_cast<const char*>(ids.const_data_ptr()), ids.nbytes()});
}

namespace {

constexpr std::size_t kValuesOfRow = 3; // top, spread and loss: what a pass leaves beside its codes
enum ReferenceTensor : std::size_t { kCodes, kRange, kLoss };

/** One pass over some windows: its codes go into the file, the rest is the result. */
PassValues storePass(const Model& model, const TextWindows& windows, std::size_t pass, SafetensorsParts& file,
                     Progress& progress)
{
    const auto [first, count] = windows.pass(pass);
    const auto scored = windows.scoredPerWindow();
    const auto vocab = static_cast<std::size_t>(model.info().vocab);
    const auto batch = windows.ids(first, count);
    const auto hidden = scoredHidden(model, batch, windows, progress);
    const auto targets = batch.narrow(1, windows.firstScored(), scored).reshape({-1, 1});
    PassValues values;
    std::vector<std::uint16_t> codes;
    forEachSlice(count * scored, model.info().vocab, [&](std::int64_t from, std::int64_t rows) {
        progress.checkpoint();
        const auto logP = logProbabilities(model, hidden.narrow(0, from, rows)).cpu().contiguous();
        const auto loss = (-logP.gather(1, targets.narrow(0, from, rows))).contiguous();
        const auto* numbers = logP.const_data_ptr<double>();
        const auto row = first * scored + from;
        codes.resize(static_cast<std::size_t>(rows) * vocab);
        for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
            const auto [top, spread] =
                encodeRow(std::span(numbers + i * vocab, vocab), row + std::int64_t(i), codes.data() + i * vocab);
            values.insert(values.end(), {top, spread, loss.const_data_ptr<double>()[i]});
        }
        file.write(kCodes, static_cast<std::uint64_t>(row) * vocab * sizeof(std::uint16_t),
                   std::as_bytes(std::span(codes)));
    });
    return values;
}

/** Ranges and losses of the rows from `row` on. */
void storeRows(const PassValues& values, std::int64_t row, std::vector<double>& losses, SafetensorsParts& file)
{
    std::vector<float> ranges;
    losses.clear();
    for (std::size_t i = 0; i < values.size(); i += kValuesOfRow) {
        ranges.insert(ranges.end(), {float(values[i]), float(values[i + 1])});
        losses.push_back(values[i + 2]);
    }
    file.write(kRange, static_cast<std::uint64_t>(row) * 2 * sizeof(float), std::as_bytes(std::span(ranges)));
    file.write(kLoss, static_cast<std::uint64_t>(row) * sizeof(double), std::as_bytes(std::span(losses)));
}

} // namespace

PerplexityResult saveReferenceScores(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                     ReferenceRun run, const fs::path& path, Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const TextWindows windows(ids, options, model.info());
    const auto scored = windows.scoredPerWindow();
    run.idsHash = idsHash(windows);
    run.convention = options.convention;
    run.windows = windows.count();
    run.seqlen = windows.length();
    run.scored = scored;
    run.vocab = model.info().vocab;
    SafetensorsParts file(path,
                          {{"codes", DType::U16, {run.rows(), run.vocab}},
                           {"range", DType::F32, {run.rows(), 2}},
                           {"loss", DType::F64, {run.rows()}}},
                          metadataOf(run));
    PerplexityAccumulator accumulator;
    std::vector<double> losses;
    const auto compute = [&](std::size_t pass, Progress& computing) {
        return storePass(model, windows, pass, file, computing);
    };
    const auto use = [&](std::size_t pass, const PassValues& values) {
        const auto [first, count] = windows.pass(pass);
        storeRows(values, first * scored, losses, file);
        for (std::int64_t window = 0; window < count; ++window)
            accumulator.addWindow(std::span(losses).subspan(std::size_t(window * scored), std::size_t(scored)));
        return "storing window " + std::to_string(first + count) + " of " + std::to_string(windows.count());
    };
    PassWork work{"reference", windows.passFractions(), compute, use};
    work.threads = passesAtOnce(model);
    if (options.journal)
        keepInJournal(work, *options.journal, [&](std::size_t pass) { // each has its own place in the file
            return windows.journalKey(*options.journal, "reference " + std::to_string(pass), pass);
        });
    else
        file.forget();
    if (!file.goesOn()) // the codes of passes that the journal knows are gone
        work.find = {};
    runPasses(nullptr, work, progress);
    file.commit();
    return accumulator.result(options.convention);
}

} // namespace core
