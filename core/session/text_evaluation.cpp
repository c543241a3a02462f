// SPDX-License-Identifier: Apache-2.0
#include "core/session/text_evaluation.h"

#include "core/base/error.h"
#include "core/eval/divergence.h"
#include "core/io/atomic_file.h"
#include "core/io/json.h"
#include "core/io/text_reader.h"
#include "core/session/provenance.h"

namespace core {

namespace {

/** One JSON object a line: window, position, id, piece, loss, reference_loss, kl, top, reference_top. */
class TokenRecordFile
{
public:
    TokenRecordFile(const std::string& path, std::shared_ptr<const Tokenizer> tokenizer)
        : m_file(path)
        , m_tokenizer(std::move(tokenizer))
    {
    }

    void write(const TokenRecord& record)
    {
        const Json line{{"window", record.window},
                        {"position", record.position},
                        {"id", record.id},
                        {"piece", m_tokenizer->piece(record.id)},
                        {"loss", jsonNumber(record.loss)},
                        {"reference_loss", jsonNumber(record.referenceLoss)},
                        {"kl", jsonNumber(record.divergence)},
                        {"top", record.top},
                        {"reference_top", record.referenceTop}};
        m_pending += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        if (m_pending.size() > 1 << 16)
            flush();
    }

    void commit()
    {
        flush();
        m_file.commit();
    }

private:
    void flush()
    {
        m_file.write(m_pending);
        m_pending.clear();
    }

    AtomicFile m_file;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::string m_pending;
};

void checkFiles(const EvaluateSpec& spec, const Ranks* ranks)
{
    if (!spec.saveReference.empty() && ranks)
        throw Error(ErrorKind::Unsupported, "a reference run is stored by one process, not by several ranks");
    if (!spec.saveReference.empty() && !spec.reference.empty())
        throw Error(ErrorKind::InvalidArgument,
                    "a run is stored of the model itself: store it without a reference, then name the file as the "
                    "reference of others");
    if (!spec.saveReference.empty() && isBundle(spec.model))
        throw Error(ErrorKind::InvalidArgument, "a reference run is stored of a full-precision model, this is a bundle",
                    spec.model);
    if (!spec.perToken.empty() && spec.reference.empty())
        throw Error(ErrorKind::InvalidArgument, "records of each token compare with a reference: name one");
}

} // namespace

void evaluateText(ModelStore& store, const EvaluateSpec& spec, EvaluationJournal* journal, Ranks* ranks,
                  EvaluationReport& report, Progress& progress)
{
    checkFiles(spec, ranks);
    const auto tokenizer = store.tokenizer(spec.model);
    const auto text = readText(spec.text);
    const auto ids = tokenizer->encode(text, SpecialTokens::Add);
    auto& provenance = report.provenance;
    provenance.textHash = sha256(text);
    provenance.textTokens = std::ssize(ids);
    PerplexityOptions options{.seqlen = spec.seqlen,
                              .convention = spec.convention,
                              .limitTokens = spec.limitTokens,
                              .journal = journal,
                              .ranks = ranks};
    const auto model = store.model(spec.model, progress);
    options.tokens = tokensInPass(*model, options.tokens);
    if (!spec.saveReference.empty()) {
        ReferenceRun run;
        run.model = spec.model;
        run.modelHash = provenance.model.hash;
        run.textHash = provenance.textHash;
        report.perplexity = saveReferenceScores(*model, ids, options, run, spec.saveReference, progress);
        return;
    }
    if (spec.reference.empty()) {
        report.perplexity = measurePerplexity(*model, ids, options, progress);
        return;
    }
    std::unique_ptr<TokenRecordFile> records;
    TokenRecordObserver onToken;
    if (!spec.perToken.empty() && (!ranks || ranks->rank() == 0)) {
        records = std::make_unique<TokenRecordFile>(spec.perToken, tokenizer);
        onToken = [&records](const TokenRecord& record) { records->write(record); };
    }
    PairedEvaluation paired;
    if (isReferenceScores(spec.reference)) {
        const auto stored = ReferenceScores::open(spec.reference);
        provenance.reference = ModelProvenance{.path = spec.reference,
                                               .kind = "stored run",
                                               .hash = stored.run().modelHash,
                                               .bundleHash = {},
                                               .scheme = {}};
        options.reference = "stored run of " + stored.run().modelHash;
        paired = measureDivergence(*model, stored, ids, options, onToken, progress);
    } else {
        provenance.reference = modelProvenance(spec.reference);
        options.reference = provenance.reference->hash + " " + provenance.reference->bundleHash;
        const auto reference = store.model(spec.reference, progress);
        paired = measureDivergence(*model, *reference, ids, options, onToken, progress);
    }
    if (records)
        records->commit();
    report.perplexity = std::move(paired.perplexity);
    report.referencePerplexity = std::move(paired.referencePerplexity);
    report.divergence = std::move(paired.divergence);
}

} // namespace core
