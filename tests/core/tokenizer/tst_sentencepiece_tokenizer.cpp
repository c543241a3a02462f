// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/tokenizer/tokenizer_vectors.h"

#include <QtTest>

#include <fstream>

using core::SpecialTokens;

class TestSentencePieceTokenizer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void llamaModelGivesThePublishedVectors();
    void textsHashToTheIdsOfTransformersAndSentencePiece_data();
    void textsHashToTheIdsOfTransformersAndSentencePiece();
    void whereOnlyTheModelExistsTheIdsAreSentencePieces();
    void specialTokensInTextBecomeTheirIds_data();
    void specialTokensInTextBecomeTheirIds();
    void multilingualTextIsEncodedAsBySentencePiece_data();
    void multilingualTextIsEncodedAsBySentencePiece();
    void byteTokensOfOneCharacterAreJoinedWhenDecoded();
    void piecesKeepTheirSpellingAndSpecialTokensHaveNoBytes();
    void unknownIdsAreRefused();
    void aTruncatedModelIsRefusedByName();
    void aTextFileIsRefusedByName();
};

namespace {

std::filesystem::path tokenizers()
{
    return support::sharedFolder() / "data" / "tokenizers";
}

std::filesystem::path models()
{
    return support::sharedFolder() / "data" / "models";
}

} // namespace

void TestSentencePieceTokenizer::llamaModelGivesThePublishedVectors()
{
    const auto model = tokenizers() / "llama2" / "tokenizer.model";
    PLANISH_NEEDS(model);
    support::compareWithVectors(*core::loadTokenizer(model),
                                tokenizers() / "ggml-vectors" / "ggml-vocab-llama-spm.gguf");
}

void TestSentencePieceTokenizer::textsHashToTheIdsOfTransformersAndSentencePiece_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("reference");
    QTest::newRow("single letters") << "babyllama-char105/hf"
                                    << "babyllama-char105";
    QTest::newRow("512 pieces") << "stories260k/hf"
                                << "stories260k";
    QTest::newRow("4096 pieces") << "novels-8m"
                                 << "novels-8m";
}

// Expected: SHA-256 of the ids as little-endian int32, written by transformers 4.57.6 (LlamaTokenizer, legacy=false) and
// sentencepiece 0.2.3 into perplexity.json of the reference folder.
void TestSentencePieceTokenizer::textsHashToTheIdsOfTransformersAndSentencePiece()
{
    QFETCH(QString, model);
    QFETCH(QString, reference);
    const auto folder = models() / model.toStdString();
    const auto json = support::sharedFolder() / "reference" / reference.toStdString() / "perplexity.json";
    PLANISH_NEEDS(folder);
    PLANISH_NEEDS(json);
    const auto asConfigured = core::loadTokenizer(folder);
    const auto modelAlone = core::loadSentencePiece(folder / "tokenizer.model", {});
    const core::Json expected = core::readJson(json);
    QVERIFY(expected["texts"].size() >= 1);
    for (const core::Json& entry : expected["texts"]) {
        const std::string text = support::referenceText(entry["text"].get<std::string>());
        QCOMPARE(core::sha256(text), entry["text_sha256"].get<std::string>());
        const std::string program = entry["tokenizer"].get<std::string>();
        const bool plain = program.starts_with("SentencePiece");
        const std::vector<int> ids = (plain ? modelAlone : asConfigured)->encode(text, SpecialTokens::Add);
        QCOMPARE(ids.size(), entry["tokens_with_bos"].get<std::size_t>());
        QCOMPARE(support::idsSha256(ids), entry["ids_int32_sha256"].get<std::string>());
        if (program.find("alone gives the same") != std::string::npos)
            QCOMPARE(support::idsSha256(modelAlone->encode(text, SpecialTokens::Add)),
                     entry["ids_int32_sha256"].get<std::string>());
    }
}

// Expected: sentencepiece 0.2.0, SentencePieceProcessor("tok512.model").encode("  two  spaces ") ; the model removes extra
// white space, transformers with legacy=false keeps what stands in front (see the test above).
void TestSentencePieceTokenizer::whereOnlyTheModelExistsTheIdsAreSentencePieces()
{
    const auto model = models() / "stories260k" / "tok512.model";
    PLANISH_NEEDS(model);
    const auto tokenizer = core::loadTokenizer(model);
    QCOMPARE(tokenizer->encode("  two  spaces ", SpecialTokens::Omit),
             (std::vector<int>{259, 424, 414, 262, 427, 412, 331, 419}));
    QCOMPARE(tokenizer->encode("", SpecialTokens::Add), (std::vector<int>{1}));
}

void TestSentencePieceTokenizer::specialTokensInTextBecomeTheirIds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QVector<int>>("legacyIds");
    QTest::addColumn<QVector<int>>("ids");
    using Ids = QVector<int>;
    QTest::newRow("after a word") << "Hello <s>." << Ids{15043, 29871, 1, 869} << Ids{15043, 29871, 1, 29889};
    QTest::newRow("chat") << "<s>[INST] Hi [/INST] Hello </s><s>[INST] x"
                          << Ids{1,     518,   25580, 29962, 6324, 518,   29914, 25580, 29962,
                                 15043, 29871, 2,     1,     518,  25580, 29962, 921}
                          << Ids{1,     29961, 25580, 29962, 6324,  518,   29914, 25580, 29962,
                                 15043, 29871, 2,     1,     29961, 25580, 29962, 921};
    QTest::newRow("space behind") << "a</s> b" << Ids{263, 2, 29871, 289} << Ids{263, 2, 289};
    QTest::newRow("space mark") << "▁x y" << Ids{29871, 921, 343} << Ids{29871, 921, 343};
    QTest::newRow("leading space") << " lead" << Ids{29871, 3275} << Ids{29871, 3275};
    QTest::newRow("unknown token") << "<unk>" << Ids{0} << Ids{0};
    QTest::newRow("spaces alone") << "  " << Ids{1678} << Ids{1678};
    QTest::newRow("alone") << "</s>" << Ids{2} << Ids{2};
    QTest::newRow("newlines") << "Hi</s>\n\n  there" << Ids{6324, 2, 29871, 13, 13, 29871, 727}
                              << Ids{6324, 2, 13, 13, 29871, 727};
}

// Expected: transformers 4.57.6, LlamaTokenizer("tokenizer.model", legacy=True or False)(text, add_special_tokens=False).
void TestSentencePieceTokenizer::specialTokensInTextBecomeTheirIds()
{
    QFETCH(QString, text);
    QFETCH(QVector<int>, legacyIds);
    QFETCH(QVector<int>, ids);
    const auto model = tokenizers() / "llama2" / "tokenizer.model";
    PLANISH_NEEDS(model);
    core::TokenizerSettings settings;
    const auto legacy = core::loadSentencePiece(model, settings)->encode(text.toStdString(), SpecialTokens::Omit);
    QCOMPARE(QVector<int>(legacy.begin(), legacy.end()), legacyIds);
    settings.legacy = false;
    const auto modern = core::loadSentencePiece(model, settings)->encode(text.toStdString(), SpecialTokens::Omit);
    QCOMPARE(QVector<int>(modern.begin(), modern.end()), ids);
}

void TestSentencePieceTokenizer::multilingualTextIsEncodedAsBySentencePiece_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("hash");
    QTest::addColumn<bool>("lossless");
    QTest::newRow("llama2") << "tokenizers/llama2/tokenizer.model" << 101914
                            << "637283b17d39f0a83d500296bcfd328786475e0b8a4d846d57e025efe43941ab" << true;
    QTest::newRow("mistral v1") << "tokenizers/mistral/tokenizer.model.v1" << 100856
                                << "ab91fe4413884063ca29ed1e8436ac259c44e81717eec3075ad1e066e54738a1" << true;
    QTest::newRow("mistral v3") << "tokenizers/mistral/tokenizer.model.v3" << 100856
                                << "2bf5d5250c30302102cdc4606cf53078fe1dea799a43504c2b4ae312b8a1e1d7" << true;
    QTest::newRow("tok512") << "models/stories260k/tok512.model" << 244371
                            << "538a70d898e0a0c5f06f27a6bd2a39da4ed68a4b85a69a9a2a0448f071d4c34a" << false;
}

// Expected: sentencepiece 0.2.0, SentencePieceProcessor(model).encode(text): number and SHA-256 of the ids.
void TestSentencePieceTokenizer::multilingualTextIsEncodedAsBySentencePiece()
{
    QFETCH(QString, model);
    QFETCH(int, count);
    QFETCH(QString, hash);
    QFETCH(bool, lossless);
    const auto file = support::sharedFolder() / "data" / model.toStdString();
    const auto textFile = support::sharedFolder() / "data" / "text" / "calibration-mix" / "multilingual.utf8";
    PLANISH_NEEDS(file);
    PLANISH_NEEDS(textFile);
    const std::string text = core::readFile(textFile);
    const auto tokenizer = core::loadTokenizer(file);
    const std::vector<int> ids = tokenizer->encode(text, SpecialTokens::Omit);
    QCOMPARE(static_cast<int>(ids.size()), count);
    QCOMPARE(QString::fromStdString(support::idsSha256(ids)), hash);
    if (lossless) // tok512 removes extra white space
        QVERIFY(tokenizer->decode(ids) == text);
    support::compareStreamWithDecode(tokenizer, ids);
}

void TestSentencePieceTokenizer::byteTokensOfOneCharacterAreJoinedWhenDecoded()
{
    const auto model = tokenizers() / "llama2" / "tokenizer.model";
    PLANISH_NEEDS(model);
    const auto tokenizer = core::loadTokenizer(model);
    // U+1F999 (a llama) is no piece: its UTF-8 bytes F0 9F A6 99 become byte tokens, which stand at byte + 3.
    const std::vector<int> llama{0xF0 + 3, 0x9F + 3, 0xA6 + 3, 0x99 + 3};
    QCOMPARE(tokenizer->decode(llama), std::string("\U0001F999"));
    core::StreamingDecoder decoder(tokenizer);
    QCOMPARE(decoder.push(llama[0]), std::string());
    QCOMPARE(decoder.push(llama[1]), std::string());
    QCOMPARE(decoder.push(llama[2]), std::string());
    QCOMPARE(decoder.push(llama[3]), std::string("\U0001F999"));
    QCOMPARE(decoder.push(llama[0]), std::string());
    QCOMPARE(decoder.finish(), std::string("\uFFFD"));
    support::compareStreamWithDecode(tokenizer, {llama[0], llama[1], 15043, llama[2], llama[0], llama[1]});
}

void TestSentencePieceTokenizer::piecesKeepTheirSpellingAndSpecialTokensHaveNoBytes()
{
    const auto model = tokenizers() / "mistral" / "tokenizer.model.v3";
    PLANISH_NEEDS(model);
    const auto tokenizer = core::loadTokenizer(model);
    QCOMPARE(tokenizer->vocabSize(), 32768);
    QCOMPARE(tokenizer->kind(), std::string_view("sentencepiece"));
    QCOMPARE(tokenizer->bosId(), std::optional(1));
    QCOMPARE(tokenizer->eosId(), std::optional(2));
    // Published for v3: control pieces [INST] = 3 and [/INST] = 4.
    QCOMPARE(tokenizer->idOf("[INST]"), std::optional(3));
    QCOMPARE(tokenizer->idOf("[/INST]"), std::optional(4));
    QVERIFY(tokenizer->isSpecial(3));
    QCOMPARE(tokenizer->bytesOf(3), std::string());
    QCOMPARE(tokenizer->piece(3), std::string("[INST]"));
    const int the = tokenizer->idOf("\u2581the").value_or(-1);
    QVERIFY(the > 0);
    QCOMPARE(tokenizer->bytesOf(the), std::string(" the"));
    QVERIFY(!tokenizer->isSpecial(the));
    QVERIFY(!tokenizer->idOf("no such piece at all"));
}

void TestSentencePieceTokenizer::unknownIdsAreRefused()
{
    const auto model = models() / "stories260k" / "tok512.model";
    PLANISH_NEEDS(model);
    const auto tokenizer = core::loadTokenizer(model);
    for (const int id : {-1, 512}) {
        try {
            (void)tokenizer->decode(std::vector<int>{id});
            QFAIL("no error");
        } catch (const core::Error& error) {
            QVERIFY(error.kind() == core::ErrorKind::InvalidArgument);
            QVERIFY(std::string(error.what()).find(std::to_string(id)) != std::string::npos);
        }
    }
}

void TestSentencePieceTokenizer::aTruncatedModelIsRefusedByName()
{
    const auto model = models() / "stories260k" / "tok512.model";
    PLANISH_NEEDS(model);
    const std::string whole = core::readFile(model);
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "tokenizer.model";
    int refused = 0;
    for (std::size_t length = 0; length < whole.size(); length += 97) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, length);
        try {
            const auto tokenizer = core::loadTokenizer(file); // a cut between two pieces can leave a smaller model
            QVERIFY(tokenizer->vocabSize() < 512);
        } catch (const core::Error& error) {
            ++refused;
            QVERIFY(error.kind() == core::ErrorKind::Corrupt);
            QVERIFY(error.context().find("tokenizer.model") != std::string::npos);
        }
    }
    QVERIFY(refused > 70);
}

void TestSentencePieceTokenizer::aTextFileIsRefusedByName()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "tokenizer.model";
    std::ofstream(file) << "This is no model.\n";
    QVERIFY_EXCEPTION_THROWN(core::loadTokenizer(file), core::Error);
}

QTEST_GUILESS_MAIN(TestSentencePieceTokenizer)
#include "tst_sentencepiece_tokenizer.moc"
