// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/tokenizer/gguf_vocabulary.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/tokenizer/tokenizer_vectors.h"

#include <QtTest>

#include <fstream>

using core::SpecialTokens;

class TestGgufVocabulary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void embeddedVocabulariesGiveThePublishedVectors_data();
    void embeddedVocabulariesGiveThePublishedVectors();
    void anEmbeddedLlamaVocabularyEqualsItsModelFile_data();
    void anEmbeddedLlamaVocabularyEqualsItsModelFile();
    void aTruncatedFileIsRefusedByName();
};

namespace {

std::filesystem::path data()
{
    return support::sharedFolder() / "data";
}

} // namespace

void TestGgufVocabulary::embeddedVocabulariesGiveThePublishedVectors_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kind");
    QTest::newRow("llama-spm") << "llama-spm"
                               << "sentencepiece";
    QTest::newRow("phi-3") << "phi-3"
                           << "sentencepiece";
}

void TestGgufVocabulary::embeddedVocabulariesGiveThePublishedVectors()
{
    QFETCH(QString, name);
    QFETCH(QString, kind);
    const auto file = data() / "tokenizers" / "ggml-vectors" / ("ggml-vocab-" + name.toStdString() + ".gguf");
    PLANISH_NEEDS(file);
    const auto tokenizer = core::loadTokenizer(file);
    QCOMPARE(QString::fromStdString(std::string(tokenizer->kind())), kind);
    support::compareWithVectors(*tokenizer, file);
}

void TestGgufVocabulary::anEmbeddedLlamaVocabularyEqualsItsModelFile_data()
{
    QTest::addColumn<QString>("gguf");
    QTest::addColumn<QString>("model");
    QTest::newRow("llama2") << "tokenizers/ggml-vectors/ggml-vocab-llama-spm.gguf"
                            << "tokenizers/llama2/tokenizer.model";
    QTest::newRow("tiny random llama") << "models/tiny-random-llama-gguf/llama-2-tiny-random.gguf"
                                       << "tokenizers/llama2/tokenizer.model";
    QTest::newRow("stories260k") << "models/stories260k/tinyllm.gguf"
                                 << "models/stories260k/tok512.model";
}

// Expected: the ids that the same vocabulary gives as a SentencePiece file, which tst_sentencepiece_tokenizer compares with
// sentencepiece itself.
void TestGgufVocabulary::anEmbeddedLlamaVocabularyEqualsItsModelFile()
{
    QFETCH(QString, gguf);
    QFETCH(QString, model);
    const auto textFile = data() / "text" / "calibration-mix" / "multilingual.utf8";
    PLANISH_NEEDS(data() / gguf.toStdString());
    PLANISH_NEEDS(data() / model.toStdString());
    PLANISH_NEEDS(textFile);
    const auto embedded = core::loadTokenizer(data() / gguf.toStdString());
    const auto plain = core::loadTokenizer(data() / model.toStdString());
    QCOMPARE(embedded->vocabSize(), plain->vocabSize());
    QCOMPARE(embedded->bosId(), plain->bosId());
    QCOMPARE(embedded->eosId(), plain->eosId());
    std::string text = core::readFile(textFile);
    if (gguf.contains("stories260k")) { // its GGUF does not say that the model removes extra white space
        while (text.find("  ") != std::string::npos)
            text.erase(text.find("  "), 1);
        text = text.substr(text.find_first_not_of(' '), text.find_last_not_of(' ') + 1);
    }
    QVERIFY(embedded->encode(text, SpecialTokens::Add) == plain->encode(text, SpecialTokens::Add));
    QVERIFY(embedded->decode(embedded->encode(text, SpecialTokens::Add)) == text);
}

void TestGgufVocabulary::aTruncatedFileIsRefusedByName()
{
    const auto file = data() / "tokenizers" / "ggml-vectors" / "ggml-vocab-llama-spm.gguf";
    PLANISH_NEEDS(file);
    const std::string whole = core::readFile(file);
    QTemporaryDir folder;
    const auto cut = std::filesystem::path(folder.path().toStdString()) / "cut.gguf";
    for (std::size_t length = 0; length < whole.size(); length += 50021) {
        std::ofstream(cut, std::ios::binary | std::ios::trunc) << whole.substr(0, length);
        try {
            core::loadTokenizer(cut);
            QFAIL("no error");
        } catch (const core::Error& error) {
            QVERIFY(error.context().find("cut.gguf") != std::string::npos);
        }
    }
}

QTEST_GUILESS_MAIN(TestGgufVocabulary)
#include "tst_gguf_vocabulary.moc"
