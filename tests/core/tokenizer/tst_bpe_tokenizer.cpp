// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/utf8.h"
#include "core/tokenizer/bpe_files.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/tokenizer/tokenizer_vectors.h"

#include <QtTest>

#include <fstream>

using core::SpecialTokens;

class TestBpeTokenizer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFileFormGivesThePublishedVectors_data();
    void everyFileFormGivesThePublishedVectors();
    void wholeTextsHashToTheIdsOfTheirOwnPrograms_data();
    void wholeTextsHashToTheIdsOfTheirOwnPrograms();
    void textIsComposedBeforeQwenCutsIt();
    void llama3RanksCarryTheirSpecialTokens();
    void qwenRanksCarryTheirSpecialTokens();
    void gpt2EndsWithItsOneSpecialToken();
    void charactersOfManyTokensAreStreamedWhole();
    void malformedTextIsReplacedBeforeItIsCut();
    void truncatedRanksAreRefusedByNameAndLine();
    void aMergeOfMissingPiecesIsRefusedByName();
};

namespace {

std::filesystem::path data()
{
    return support::sharedFolder() / "data";
}

std::filesystem::path tokenizers()
{
    return data() / "tokenizers";
}

} // namespace

void TestBpeTokenizer::everyFileFormGivesThePublishedVectors_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("vectors");
    QTest::newRow("llama-3 ranks") << "llama3/tokenizer.model"
                                   << "llama-bpe";
    QTest::newRow("gpt-2 folder") << "gpt2"
                                  << "gpt-2";
    QTest::newRow("gpt-2 file") << "gpt2/vocab.json"
                                << "gpt-2";
    QTest::newRow("gpt-2 gguf") << "ggml-vectors/ggml-vocab-gpt-2.gguf"
                                << "gpt-2";
    QTest::newRow("deepseek-coder gguf") << "ggml-vectors/ggml-vocab-deepseek-coder.gguf"
                                         << "deepseek-coder";
}

void TestBpeTokenizer::everyFileFormGivesThePublishedVectors()
{
    QFETCH(QString, file);
    QFETCH(QString, vectors);
    const auto path = tokenizers() / file.toStdString();
    PLANISH_NEEDS(path);
    const auto tokenizer = core::loadTokenizer(path);
    QCOMPARE(tokenizer->kind(), std::string_view("bpe"));
    support::compareWithVectors(*tokenizer,
                                tokenizers() / "ggml-vectors" / ("ggml-vocab-" + vectors.toStdString() + ".gguf"));
}

void TestBpeTokenizer::wholeTextsHashToTheIdsOfTheirOwnPrograms_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("hash");
    const auto row = [](const char* file, const char* text, int count, const char* hash) {
        QTest::addRow("%s, %s", file, text) << file << text << count << hash;
    };
    // tiktoken 0.14.0: Encoding(pat_str=<the folder's README>, mergeable_ranks=<the file>).encode(NFC for qwen of text)
    row("llama3/tokenizer.model", "multilingual", 78039,
        "cfab2b5252c87c08d87bdd6050271c6fd80652c2a9920e7c94d231e0e12d199b");
    row("llama3/tokenizer.model", "technical", 71600,
        "8e76918b3d45a81a9474afee56eb462a896e8e0d5fd2471f2a166ef60029d6b3");
    row("qwen/qwen.tiktoken", "multilingual", 78556,
        "9e1c8829aca6f1fafea8d7ae648c7af0a5802dde9e937270f8391f9a361ae0fa");
    row("qwen/qwen.tiktoken", "technical", 73630, "acc8f2c1dca01e4a1b3a15a00344fd48c4860245c92ffbb72b247d913dd72acc");
    // tokenizers 0.22.2: Tokenizer.from_file("tokenizer.json").encode(text).ids
    row("gpt-neox-dolma/tokenizer.json", "multilingual", 101256,
        "7b7c697db28f4fcaa4bb7d92191771502c2dfcdb038de0169fd7e48746281738");
    row("gpt-neox-dolma/tokenizer.json", "technical", 73612,
        "a34d68b13c7c08e58905167b2c80836c47736cff13f9d08b8f27188efd6b49c1");
    // tokenizers 0.22.2: models.BPE(vocab.json, merges.txt) with pre_tokenizers.ByteLevel(add_prefix_space=False)
    row("gpt2", "multilingual", 138113, "de9037d6c51ec79808a80e4813f0db4edb380679db3b1ec05d2ebd47e6148b3a");
    row("gpt2", "technical", 73932, "bff4cb9be5720ff88c4c5b0054aae724b1529961eb3859775c9eda8d10a727ad");
    // tokenizers 0.22.2: models.BPE(tokens and merges of the GGUF), Split(isolated) by [\r\n], \s?\p{L}+, \s?\p{P}+ and the
    // class of CJK characters, Digits(individual_digits=True), ByteLevel(use_regex=False), and the user-defined tokens added
    row("ggml-vectors/ggml-vocab-deepseek-coder.gguf", "multilingual", 116873,
        "dc6da1e761441be6c04851b73a86859ead3bcf33ebc93a7477db5c4b03bf5820");
    row("ggml-vectors/ggml-vocab-deepseek-coder.gguf", "technical", 81571,
        "f747ac7f09ab59718715d71c4a5a27a2c55ee519d6705fb1a68406d5e430597f");
}

void TestBpeTokenizer::wholeTextsHashToTheIdsOfTheirOwnPrograms()
{
    QFETCH(QString, file);
    QFETCH(QString, text);
    QFETCH(int, count);
    QFETCH(QString, hash);
    const auto path = tokenizers() / file.toStdString();
    const auto textFile = data() / "text" / "calibration-mix" / (text.toStdString() + ".utf8");
    PLANISH_NEEDS(path);
    PLANISH_NEEDS(textFile);
    const auto tokenizer = core::loadTokenizer(path);
    const std::string content = core::readFile(textFile);
    const std::vector<int> ids = tokenizer->encode(content, SpecialTokens::Omit);
    QCOMPARE(static_cast<int>(ids.size()), count);
    QCOMPARE(QString::fromStdString(support::idsSha256(ids)), hash);
    QVERIFY(tokenizer->decode(ids) == content);
    support::compareStreamWithDecode(tokenizer, ids);
}

// "é" as one character and as "e" with U+0301 are the same text to Qwen, since it composes (NFC) first; not to Llama-3.
void TestBpeTokenizer::textIsComposedBeforeQwenCutsIt()
{
    PLANISH_NEEDS(tokenizers() / "qwen" / "qwen.tiktoken");
    PLANISH_NEEDS(tokenizers() / "llama3" / "tokenizer.model");
    const auto qwen = core::loadTokenizer(tokenizers() / "qwen");
    QCOMPARE(qwen->encode("cafe\u0301", SpecialTokens::Omit), qwen->encode("caf\u00e9", SpecialTokens::Omit));
    const auto llama = core::loadTokenizer(tokenizers() / "llama3");
    QVERIFY(llama->encode("cafe\u0301", SpecialTokens::Omit) != llama->encode("caf\u00e9", SpecialTokens::Omit));
}

// Ids as published with Llama 3.1 (tokenizer.json, generation_config.json: eos_token_id [128001, 128008, 128009]).
void TestBpeTokenizer::llama3RanksCarryTheirSpecialTokens()
{
    PLANISH_NEEDS(tokenizers() / "llama3" / "tokenizer.model");
    const auto tokenizer = core::loadTokenizer(tokenizers() / "llama3");
    QCOMPARE(tokenizer->vocabSize(), 128256);
    QCOMPARE(tokenizer->bosId(), std::optional(128000));
    QCOMPARE(tokenizer->eosId(), std::optional(128001));
    QCOMPARE(tokenizer->endIds(), (std::vector<int>{128001, 128008, 128009}));
    QCOMPARE(tokenizer->idOf("<|start_header_id|>"), std::optional(128006));
    QCOMPARE(tokenizer->idOf("<|end_header_id|>"), std::optional(128007));
    QCOMPARE(tokenizer->idOf("<|python_tag|>"), std::optional(128010));
    QCOMPARE(tokenizer->idOf("<|reserved_special_token_247|>"), std::optional(128255));
    QCOMPARE(tokenizer->encode("", SpecialTokens::Add), (std::vector<int>{128000}));
    // tiktoken 0.14.0 with allowed_special="all".
    QCOMPARE(tokenizer->encode("<|start_header_id|>user<|end_header_id|>\n\nHello!<|eot_id|>", SpecialTokens::Add),
             (std::vector<int>{128000, 128006, 882, 128007, 271, 9906, 0, 128009}));
    QCOMPARE(tokenizer->decode(std::vector<int>{128000, 128006, 882, 128007, 271, 9906, 0, 128009}),
             std::string("user\n\nHello!"));
    QVERIFY(tokenizer->isSpecial(128009));
    QVERIFY(!tokenizer->isSpecial(882));
}

void TestBpeTokenizer::qwenRanksCarryTheirSpecialTokens()
{
    PLANISH_NEEDS(tokenizers() / "qwen" / "qwen.tiktoken");
    const auto tokenizer = core::loadTokenizer(tokenizers() / "qwen");
    QCOMPARE(tokenizer->vocabSize(), 151851); // n_vocab of tokenization_qwen.py
    QCOMPARE(tokenizer->eosId(), std::optional(151643));
    QCOMPARE(tokenizer->idOf("<|im_start|>"), std::optional(151644));
    QCOMPARE(tokenizer->idOf("<|im_end|>"), std::optional(151645));
    QVERIFY(!tokenizer->bosId());
    QVERIFY(tokenizer->encode("", SpecialTokens::Add).empty());
}

void TestBpeTokenizer::gpt2EndsWithItsOneSpecialToken()
{
    PLANISH_NEEDS(tokenizers() / "gpt2");
    const auto tokenizer = core::loadTokenizer(tokenizers() / "gpt2");
    QCOMPARE(tokenizer->vocabSize(), 50257);
    QCOMPARE(tokenizer->eosId(), std::optional(50256));
    // The first ids of "Hello world" are GPT-2's best known: 15496, 995.
    QCOMPARE(tokenizer->encode("Hello world<|endoftext|>", SpecialTokens::Add), (std::vector<int>{15496, 995, 50256}));
    QCOMPARE(tokenizer->piece(995), std::string("\u0120world"));
    QCOMPARE(tokenizer->bytesOf(995), std::string(" world"));
    QCOMPARE(tokenizer->bytesOf(50256), std::string());
}

void TestBpeTokenizer::charactersOfManyTokensAreStreamedWhole()
{
    PLANISH_NEEDS(tokenizers() / "gpt2");
    const auto tokenizer = core::loadTokenizer(tokenizers() / "gpt2");
    const std::string text = "a\U0001F999b\u9f98\U0001F468\u200D\U0001F469\u200D\U0001F467 \u0915\u094D\u0937 end";
    const std::vector<int> ids = tokenizer->encode(text, SpecialTokens::Omit);
    bool halves = false;
    for (const int id : ids)
        halves = halves || core::firstBadUtf8(tokenizer->bytesOf(id)) != std::string_view::npos;
    QVERIFY(halves); // otherwise this shows nothing
    support::compareStreamWithDecode(tokenizer, ids);
    QCOMPARE(tokenizer->decode(ids), text);
    // Cut in the middle of a character: the rest is U+FFFD in both.
    for (std::size_t count = 0; count <= ids.size(); ++count)
        support::compareStreamWithDecode(tokenizer, {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count)});
}

void TestBpeTokenizer::malformedTextIsReplacedBeforeItIsCut()
{
    PLANISH_NEEDS(tokenizers() / "gpt2");
    const auto tokenizer = core::loadTokenizer(tokenizers() / "gpt2");
    QCOMPARE(tokenizer->encode("a\xFF\xE4\xBD", SpecialTokens::Omit),
             tokenizer->encode("a\uFFFD\uFFFD", SpecialTokens::Omit));
}

void TestBpeTokenizer::truncatedRanksAreRefusedByNameAndLine()
{
    PLANISH_NEEDS(tokenizers() / "llama3" / "tokenizer.model");
    const std::string whole = core::readFile(tokenizers() / "llama3" / "tokenizer.model");
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "tokenizer.model";
    const auto refusal = [&file](const std::string& content) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
        try {
            core::loadTokenizer(file);
        } catch (const core::Error& error) {
            return core::describe(error);
        }
        return std::string("no error");
    };
    // The 1000th newline ends line 1000; four more bytes are no line.
    std::size_t end = 0;
    for (int line = 0; line < 1000; ++line)
        end = whole.find('\n', end) + 1;
    QVERIFY(refusal(whole.substr(0, end + 4)).find("line 1001") != std::string::npos);
    const std::string short1000 = refusal(whole.substr(0, end));
    QVERIFY(short1000.find("1000 tokens") != std::string::npos
            && short1000.find("tokenizer.model") != std::string::npos);
    QVERIFY(refusal(whole.substr(0, end) + "IQ== 5\n").find("stands twice") != std::string::npos);
    QVERIFY(refusal("IQ== 0\nIg== 2\n").find("rank 1 is missing") != std::string::npos);
    QVERIFY(refusal("IQ== 0\nIg== 2000000000\n").find("line 2") != std::string::npos);
}

void TestBpeTokenizer::aMergeOfMissingPiecesIsRefusedByName()
{
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    std::ofstream(path / "vocab.json") << R"({"a": 0, "b": 1, "ab": 2})";
    std::ofstream(path / "merges.txt") << "#version: 0.2\na b\nab c\n";
    try {
        core::loadTokenizer(path);
        QFAIL("no error");
    } catch (const core::Error& error) {
        QVERIFY(error.kind() == core::ErrorKind::Corrupt);
        QVERIFY(core::describe(error).find("rule 2 (\"ab c\") needs the piece \"c\"") != std::string::npos);
        QVERIFY(error.context().find("merges.txt") != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestBpeTokenizer)
#include "tst_bpe_tokenizer.moc"
