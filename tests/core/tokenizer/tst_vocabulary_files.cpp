// SPDX-License-Identifier: Apache-2.0
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/vocabulary_files.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

namespace {

/** The texts of ggml's own tokenizer vectors, one between two marker lines. */
std::vector<std::string> texts(const fs::path& file)
{
    const auto content = readFile(file);
    const std::string mark = "__ggml_vocab_test__\n";
    std::vector<std::string> result;
    for (std::size_t begin = 0; begin < content.size();) {
        const auto end = std::min(content.find(mark, begin), content.size());
        auto text = content.substr(begin, end - begin);
        if (text.ends_with('\n'))
            text.pop_back();
        result.push_back(std::move(text));
        begin = end + mark.size();
    }
    return result;
}

} // namespace

class VocabularyFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFilesGiveTheIdsOfTheEmbeddedVocabulary_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("file");
        QTest::newRow("SentencePiece") << "ggml-vocab-llama-spm"
                                       << "tokenizer.model";
        QTest::newRow("byte-level, GPT-2's pattern") << "ggml-vocab-gpt-2"
                                                     << "tokenizer.json";
        QTest::newRow("byte-level, several patterns") << "ggml-vocab-deepseek-coder"
                                                      << "tokenizer.json";
    }

    void theFilesGiveTheIdsOfTheEmbeddedVocabulary()
    {
        QFETCH(QString, name);
        QFETCH(QString, file);
        const auto folder = support::sharedFolder() / "data/tokenizers/ggml-vectors";
        const auto gguf = folder / (name.toStdString() + ".gguf");
        PLANISH_NEEDS(gguf);
        QTemporaryDir temporary;
        const fs::path written = temporary.path().toStdString();
        writeVocabularyFiles(gguf, written);
        QVERIFY(fs::exists(written / file.toStdString()) && fs::exists(written / "tokenizer_config.json"));
        const auto embedded = loadTokenizer(gguf);
        const auto read = loadTokenizer(written);
        QCOMPARE(read->vocabSize(), embedded->vocabSize());
        const auto samples = texts(folder / (name.toStdString() + ".gguf.inp"));
        QVERIFY(samples.size() > 20);
        for (const auto& text : samples)
            for (const auto special : {SpecialTokens::Add, SpecialTokens::Omit})
                QVERIFY2(read->encode(text, special) == embedded->encode(text, special), text.c_str());
    }
};

QTEST_GUILESS_MAIN(VocabularyFilesTest)
#include "tst_vocabulary_files.moc"
