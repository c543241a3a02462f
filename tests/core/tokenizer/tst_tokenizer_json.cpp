// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"

#include <QtTest>

#include <fstream>

using core::Json;
using core::SpecialTokens;
using Ids = std::vector<int>;

class TestTokenizerJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spaceMarksStandWhereTheFilePutsThem_data();
    void spaceMarksStandWhereTheFilePutsThem();
    void splitsFollowTheirBehavior_data();
    void splitsFollowTheirBehavior();
    void digitsAreKeptApartWhereAsked();
    void addedTokensTakeTheirFlags();
    void theTemplateStandsAroundTheText();
    void unknownPartsAreRefusedByName_data();
    void unknownPartsAreRefusedByName();
    void brokenFilesAreRefusedByName_data();
    void brokenFilesAreRefusedByName();
    void settingsBesideTheFileAreHeeded();
};

namespace {

// Every expected id list: tokenizers 0.22.2, Tokenizer.from_str(json.dumps(the same file)).encode(text).ids.

Json added(int id, const char* content, bool special)
{
    return {{"id", id},        {"content", content},  {"special", special},  {"lstrip", false},
            {"rstrip", false}, {"normalized", false}, {"single_word", false}};
}

// Pieces of characters, as SentencePiece models become when they are converted.
Json characterFile()
{
    return {{"added_tokens", {added(0, "<unk>", true), added(1, "<s>", true)}},
            {"normalizer", nullptr},
            {"pre_tokenizer", nullptr},
            {"post_processor", nullptr},
            {"decoder", {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}},
            {"model",
             {{"type", "BPE"},
              {"unk_token", "<unk>"},
              {"fuse_unk", true},
              {"vocab",
               {{"<unk>", 0}, {"<s>", 1}, {"▁", 2}, {"a", 3}, {"b", 4}, {"▁a", 5}, {"ab", 6}, {"c", 7}, {"▁ab", 8}}},
              {"merges", {"▁ a", "a b", "▁ ab"}}}}};
}

Json byteFile(const Json& steps)
{
    Json all = steps;
    all.push_back({{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}});
    Json strips = added(8, "<x>", true);
    strips["lstrip"] = true;
    strips["rstrip"] = true;
    Json word = added(12, "c", false);
    word["single_word"] = true;
    return {{"added_tokens", {strips, added(9, "<y>", false), word}},
            {"normalizer", nullptr},
            {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", all}}},
            {"post_processor", nullptr},
            {"decoder", nullptr},
            {"model",
             {{"type", "BPE"},
              {"vocab",
               {{"a", 0},
                {"b", 1},
                {"1", 2},
                {"2", 3},
                {"Ġ", 4},
                {"ab", 5},
                {"12", 6},
                {"Ġa", 7},
                {"<x>", 8},
                {"<y>", 9},
                {"-", 11},
                {"c", 12}}},
              {"merges", Json::array({"a b", Json::array({"1", "2"}), "Ġ a"})}}}};
}

class Folder
{
public:
    explicit Folder(const Json& tokenizer) { write("tokenizer.json", tokenizer.dump()); }

    void write(const char* name, const std::string& content) const
    {
        std::ofstream(path() / name, std::ios::binary) << content;
    }
    std::filesystem::path path() const { return m_folder.path().toStdString(); }
    Ids encode(const std::string& text, SpecialTokens special = SpecialTokens::Omit) const
    {
        return core::loadTokenizer(path())->encode(text, special);
    }
    std::string refusal(core::ErrorKind kind) const
    {
        try {
            core::loadTokenizer(path());
        } catch (const core::Error& error) {
            const bool named = error.context().find("tokenizer.json") != std::string::npos;
            return error.kind() == kind && named ? error.what() : "unexpected: " + core::describe(error);
        }
        return "no error";
    }

private:
    QTemporaryDir m_folder;
};

QVector<int> qt(const Ids& ids)
{
    return {ids.begin(), ids.end()};
}

} // namespace

void TestTokenizerJson::spaceMarksStandWhereTheFilePutsThem_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QVector<int>>("ids");
    const auto row = [](const char* scheme, const char* text, const QVector<int>& ids) {
        QTest::addRow("%s: '%s'", scheme, text) << scheme << text << ids;
    };
    row("prepend", "ab", {5, 4});
    row("prepend", "ab ab", {5, 4, 5, 4});
    row("prepend", "a<s>ab", {5, 1, 5, 4});
    row("prepend", "xyab", {2, 0, 6});
    row("prepend", "", {});
    row("prepend", "cab  a", {2, 7, 6, 2, 5});
    row("first", "ab", {5, 4});
    row("first", "a<s>ab", {5, 1, 6});
    row("first", " ab", {5, 4});
    row("first", "ab a", {5, 4, 5});
    row("always", "ab", {5, 4});
    row("always", "a<s>ab", {5, 1, 5, 4});
    row("always", " ab", {5, 4});
    row("always", "ab a", {5, 4, 5});
}

void TestTokenizerJson::spaceMarksStandWhereTheFilePutsThem()
{
    QFETCH(QString, scheme);
    QFETCH(QString, text);
    QFETCH(QVector<int>, ids);
    Json file = characterFile();
    if (scheme == "prepend") {
        const Json replace{{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}};
        file["normalizer"] = {{"type", "Sequence"},
                              {"normalizers", {Json{{"type", "Prepend"}, {"prepend", "▁"}}, replace}}};
    } else {
        file["pre_tokenizer"] = {{"type", "Metaspace"},
                                 {"replacement", "▁"},
                                 {"prepend_scheme", scheme.toStdString()},
                                 {"split", scheme == "always"}};
    }
    const Folder folder(file);
    QCOMPARE(qt(folder.encode(text.toStdString())), ids);
    if (!text.contains('x') && !text.contains('<') && !text.startsWith(' '))
        QCOMPARE(core::loadTokenizer(folder.path())->decode(folder.encode(text.toStdString())), text.toStdString());
}

void TestTokenizerJson::splitsFollowTheirBehavior_data()
{
    QTest::addColumn<QString>("behavior");
    QTest::addColumn<QVector<int>>("ids");
    QTest::newRow("isolated") << "Isolated" << QVector<int>{0, 1, 11, 0, 11, 1, 11, 11, 0, 1};
    QTest::newRow("removed") << "Removed" << QVector<int>{1, 1, 1};
    QTest::newRow("previous") << "MergedWithPrevious" << QVector<int>{0, 1, 11, 0, 11, 1, 11, 11, 0, 1};
    QTest::newRow("next") << "MergedWithNext" << QVector<int>{5, 11, 0, 11, 1, 11, 11, 5};
    QTest::newRow("contiguous") << "Contiguous" << QVector<int>{0, 1, 11, 0, 11, 1, 11, 11, 0, 1};
}

void TestTokenizerJson::splitsFollowTheirBehavior()
{
    QFETCH(QString, behavior);
    QFETCH(QVector<int>, ids);
    const Folder folder(byteFile(Json::array({{{"type", "Split"},
                                               {"pattern", {{"Regex", "a|-"}}},
                                               {"behavior", behavior.toStdString()},
                                               {"invert", false}}})));
    QCOMPARE(qt(folder.encode("ab-a-b--ab")), ids);
}

void TestTokenizerJson::digitsAreKeptApartWhereAsked()
{
    QCOMPARE(Folder(byteFile(Json::array({{{"type", "Digits"}, {"individual_digits", true}}}))).encode("12ab"),
             (Ids{2, 3, 5}));
    QCOMPARE(Folder(byteFile(Json::array())).encode("12ab"), (Ids{6, 5}));
}

void TestTokenizerJson::addedTokensTakeTheirFlags()
{
    const Folder folder(byteFile(Json::array()));
    QCOMPARE(folder.encode("a <x> b"), (Ids{0, 8, 1}));
    QCOMPARE(folder.encode("a<y> b"), (Ids{0, 9, 4, 1}));
    QCOMPARE(folder.encode("ab c-cb c"), (Ids{5, 4, 12, 11, 12, 1, 4, 12}));
    const auto tokenizer = core::loadTokenizer(folder.path());
    QVERIFY(tokenizer->isSpecial(8) && !tokenizer->isSpecial(9));
    QCOMPARE(tokenizer->decode(Ids{0, 8, 9, 1}), std::string("a<y>b"));
}

void TestTokenizerJson::theTemplateStandsAroundTheText()
{
    Json file = byteFile(Json::array());
    const auto special = [](const char* name) { return Json{{"SpecialToken", {{"id", name}, {"type_id", 0}}}}; };
    const Json text{{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    file["post_processor"] = {
        {"type", "TemplateProcessing"},
        {"single", Json::array({special("<x>"), text, special("<y>")})},
        {"special_tokens", {{"<x>", {{"id", "<x>"}, {"ids", {8}}}}, {"<y>", {{"id", "<y>"}, {"ids", {9}}}}}}};
    const Folder folder(file);
    QCOMPARE(folder.encode("ab", SpecialTokens::Add), (Ids{8, 5, 9}));
    QCOMPARE(folder.encode("ab"), (Ids{5}));
    QCOMPARE(core::loadTokenizer(folder.path())->bosId(), std::optional(8));
}

void TestTokenizerJson::unknownPartsAreRefusedByName_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("type");
    QTest::newRow("normalizer") << "normalizer"
                                << "Lowercase";
    QTest::newRow("pre-tokenizer") << "pre_tokenizer"
                                   << "BertPreTokenizer";
    QTest::newRow("post-processor") << "post_processor"
                                    << "RobertaProcessing";
    QTest::newRow("model") << "model"
                           << "Unigram";
}

void TestTokenizerJson::unknownPartsAreRefusedByName()
{
    QFETCH(QString, part);
    QFETCH(QString, type);
    Json file = byteFile(Json::array());
    file[part.toStdString()] = {{"type", type.toStdString()}};
    const std::string refusal = Folder(file).refusal(core::ErrorKind::Unsupported);
    QVERIFY2(refusal.find(type.toStdString()) != std::string::npos && !refusal.starts_with("unexpected"),
             refusal.c_str());
}

void TestTokenizerJson::brokenFilesAreRefusedByName_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::newRow("no model") << "model"
                              << "null";
    QTest::newRow("no vocabulary") << "model"
                                   << R"({"type": "BPE", "merges": []})";
    QTest::newRow("negative id") << "model"
                                 << R"({"type": "BPE", "vocab": {"a": -1}, "merges": []})";
    QTest::newRow("huge id") << "model"
                             << R"({"type": "BPE", "vocab": {"a": 99999999999}, "merges": []})";
    QTest::newRow("rule of three") << "model"
                                   << R"({"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]})";
    QTest::newRow("rule without result") << "model"
                                         << R"({"type": "BPE", "vocab": {"a": 0}, "merges": ["a a"]})";
    QTest::newRow("rule that is a number") << "model"
                                           << R"({"type": "BPE", "vocab": {"a": 0}, "merges": [1]})";
    QTest::newRow("added token without id") << "added_tokens"
                                            << R"([{"content": "x"}])";
    QTest::newRow("added token far away") << "added_tokens"
                                          << R"([{"content": "x", "id": 2000000000}])";
}

void TestTokenizerJson::brokenFilesAreRefusedByName()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    Json file = byteFile(Json::array());
    file[key.toStdString()] = Json::parse(value.toStdString());
    const std::string refusal = Folder(file).refusal(core::ErrorKind::Corrupt);
    QVERIFY2(!refusal.starts_with("unexpected") && refusal != "no error", refusal.c_str());
}

void TestTokenizerJson::settingsBesideTheFileAreHeeded()
{
    const Folder folder(byteFile(Json::array()));
    folder.write("tokenizer_config.json", R"({"bos_token": {"content": "<x>"}, "eos_token": "<y>", "chat_template": [
        {"name": "tool_use", "template": "no"}, {"name": "default", "template": "{{ x }}"}],
        "added_tokens_decoder": {"20": {"content": "<new>", "special": true}}})");
    folder.write("generation_config.json", R"({"eos_token_id": [20, 9]})");
    const auto tokenizer = core::loadTokenizer(folder.path());
    QCOMPARE(tokenizer->bosId(), std::optional(8));
    QCOMPARE(tokenizer->eosId(), std::optional(9));
    QCOMPARE(tokenizer->endIds(), (Ids{9, 20}));
    QCOMPARE(tokenizer->chatTemplate(), std::string("{{ x }}"));
    QCOMPARE(tokenizer->encode("a<new>b", SpecialTokens::Add), (Ids{0, 20, 1}));
    QCOMPARE(tokenizer->vocabSize(), 21);
    folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"x": {}}})");
    QVERIFY_EXCEPTION_THROWN(core::loadTokenizer(folder.path()), core::Error);
    folder.write("tokenizer_config.json", "[1]");
    QVERIFY_EXCEPTION_THROWN(core::loadTokenizer(folder.path()), core::Error);
}

QTEST_GUILESS_MAIN(TestTokenizerJson)
#include "tst_tokenizer_json.moc"
