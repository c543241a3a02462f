// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/tokenizer_training.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <sentencepiece_trainer.h>

namespace demo {

namespace {

/** The lines as the trainer wants to read them. */
class Lines : public sentencepiece::SentenceIterator
{
public:
    explicit Lines(const std::vector<std::string>& lines)
        : m_lines(lines)
    {
    }

    bool done() const override { return m_at >= m_lines.size(); }
    void Next() override { ++m_at; }
    const std::string& value() const override { return m_lines[m_at]; }
    sentencepiece::util::Status status() const override { return {}; }

private:
    const std::vector<std::string>& m_lines;
    std::size_t m_at = 0;
};

} // namespace

void trainTokenizer(const std::vector<std::string>& lines, int pieces, const std::filesystem::path& path)
{
    const std::unordered_map<std::string, std::string> options = {
        {"model_type", "bpe"},
        {"vocab_size", std::to_string(pieces)},
        {"byte_fallback", "true"},
        {"split_digits", "true"},
        {"normalization_rule_name", "identity"},
        {"remove_extra_whitespaces", "false"},
        {"add_dummy_prefix", "true"},
        {"allow_whitespace_only_pieces", "true"},
        {"character_coverage", "1.0"},
        {"unk_id", "0"},
        {"bos_id", "1"},
        {"eos_id", "2"},
        {"pad_id", "-1"},
        {"num_threads", "1"},
        {"input_sentence_size", "0"},
        {"minloglevel", "1"},
    };
    Lines sentences(lines);
    std::string model;
    const auto status = sentencepiece::SentencePieceTrainer::Train(options, &sentences, &model);
    if (!status.ok())
        throw core::Error(core::ErrorKind::Internal, "training the tokenizer failed: " + status.ToString(),
                          path.string());
    core::writeFileAtomically(path, model);
}

} // namespace demo
