// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors_header.h"
#include "core/io/safetensors_reader.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace core;
using support::entry;
using support::safetensorsBytes;
using support::writeBytes;

namespace {

/** Memory of this process that is in RAM, in bytes. */
std::uint64_t residentBytes()
{
    std::uint64_t whole = 0;
    std::uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> whole >> resident;
    return resident * 4096;
}

} // namespace

class TestSafetensorsReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tensorsAndMetadataAreThoseOfTheHeader()
    {
        // Bytes of the body count 0, 1, 2, ...; listed in another order than they lie.
        const std::string header = R"({"b":)" + entry("F32", "[1,2]", "[4,12]")
            + R"(,"__metadata__":{"format":"pt"},"a":)" + entry("I8", "[4]", "[0,4]") + R"(,"scalar":)"
            + entry("BF16", "[]", "[12,14]") + R"(,"none":)" + entry("F64", "[3,0]", "[14,14]") + "}  ";
        writeBytes(m_folder / "m.safetensors", safetensorsBytes(header, 14));
        const auto set = readSafetensors(m_folder / "m.safetensors");
        QCOMPARE(set->metadata(), (std::map<std::string, std::string>{{"format", "pt"}}));
        QCOMPARE(set->tensors().size(), std::size_t{4});
        QCOMPARE(set->tensors()[0].name, std::string("a"));
        const auto& b = set->at("b");
        QVERIFY(b.dtype == DType::F32);
        QCOMPARE(b.shape, (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(b.bytes.size(), std::size_t{8});
        QCOMPARE(static_cast<int>(b.bytes[0]), 4);
        QCOMPARE(set->at("scalar").elementCount(), std::int64_t{1});
        QCOMPARE(static_cast<int>(set->at("scalar").bytes[0]), 12);
        QVERIFY(set->at("none").bytes.empty());
    }

    void everyTypeOfTheFormatIsKnown()
    {
        const std::pair<const char*, int> types[] = {
            {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8},  {"I32", 4},     {"I16", 2},    {"I8", 1},
            {"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1},   {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};
        for (const auto& [name, size] : types) {
            const auto header = R"({"t":)" + entry(name, "[3]", "[0," + std::to_string(3 * size) + "]") + "}";
            const auto file = safetensorsBytes(header, 3 * static_cast<std::size_t>(size));
            QCOMPARE(parseSafetensors(support::asBytes(file), "f").tensors[0].bytes.size(), std::size_t(3 * size));
        }
    }

    void lyingHeaderIsRefused_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("body");
        QTest::addColumn<QStringList>("said");
        const auto row = [](const char* name, const std::string& header, int body, const QStringList& said) {
            QTest::newRow(name) << QString::fromStdString(header) << body << said;
        };
        const auto one = [](const std::string& inside) { return R"({"t":)" + inside + "}"; };
        const auto two = [](const std::string& a, const std::string& b) {
            return R"({"a":)" + a + R"(,"b":)" + b + "}";
        };
        row("overlap", two(entry("U8", "[4]", "[0,4]"), entry("U8", "[4]", "[2,6]")), 6,
            {"corrupt", "'b'", "'a' ends at 4", "overlap"});
        row("the same bytes twice", two(entry("U8", "[4]", "[0,4]"), entry("U8", "[4]", "[0,4]")), 4,
            {"corrupt", "overlap"});
        row("gap between", two(entry("U8", "[4]", "[0,4]"), entry("U8", "[4]", "[5,9]")), 9,
            {"corrupt", "'b'", "byte 5", "gap"});
        row("gap in front", one(entry("U8", "[4]", "[1,5]")), 5, {"corrupt", "'t'", "gap"});
        row("bytes left over", one(entry("U8", "[4]", "[0,4]")), 5, {"corrupt", "byte 4 of 5"});
        row("no tensor but bytes", "{}", 3, {"corrupt", "byte 0 of 3"});
        row("out of bounds", one(entry("U8", "[8]", "[0,8]")), 7, {"corrupt", "'t'", "[0, 8)", "7", "cut short"});
        row("begin out of bounds", one(entry("U8", "[1]", "[9,10]")), 7, {"corrupt", "[9, 10)"});
        row("reversed", one(entry("U8", "[2]", "[4,2]")), 4, {"corrupt", "[4, 2)", "backwards"});
        row("shape against range", one(entry("F32", "[2,3]", "[0,20]")), 20, {"corrupt", "20", "F32", "[2,3]", "24"});
        row("shape overflows", one(entry("F32", "[4294967296,4294967296]", "[0,4]")), 4, {"corrupt", "'t'", "63 bits"});
        row("bytes overflow", one(entry("F64", "[4611686018427387904]", "[0,4]")), 4,
            {"corrupt", "4611686018427387904"});
        row("wraps to zero", one(entry("U8", "[4294967296,4294967296,0]", "[0,0]")), 0, {"corrupt", "63 bits"});
        row("offset above 63 bits", one(entry("U8", "[1]", "[0,18446744073709551615]")), 4,
            {"corrupt", "18446744073709551615"});
        row("offset above 64 bits", one(entry("U8", "[1]", "[0,99999999999999999999]")), 4, {"corrupt", "count"});
        row("negative extent", one(entry("U8", "[-1]", "[0,1]")), 1, {"corrupt", "-1"});
        row("broken extent", one(entry("U8", "[1.5]", "[0,1]")), 1, {"corrupt", "1.5"});
        row("extent as text", one(entry("U8", "[\"1\"]", "[0,1]")), 1, {"corrupt", "shape"});
        row("shape is no list", one(entry("U8", "1", "[0,1]")), 1, {"corrupt", "shape"});
        row("three offsets", one(entry("U8", "[1]", "[0,1,2]")), 1, {"corrupt", "two numbers"});
        row("unknown type", one(entry("F4", "[1]", "[0,1]")), 1, {"unsupported", "'t'", "F4"});
        row("GGUF type", one(entry("Q4_0", "[32]", "[0,18]")), 18, {"unsupported", "Q4_0"});
        row("no type", R"({"t":{"shape":[1],"data_offsets":[0,1]}})", 1, {"corrupt", "'dtype'"});
        row("no offsets", R"({"t":{"shape":[1],"dtype":"U8"}})", 1, {"corrupt", "'data_offsets'"});
        row("tensor is no object", R"({"t":[0,1]})", 1, {"corrupt", "'t'"});
        row("name twice", R"({"t":)" + entry("U8", "[1]", "[0,1]") + R"(,"t":)" + entry("U8", "[1]", "[1,2]") + "}", 2,
            {"corrupt", "'t' twice"});
        row("key of an entry twice", R"({"t":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}})", 1,
            {"corrupt", "'dtype' twice"});
        row("metadata with a number", R"({"__metadata__":{"epoch":3}})", 0, {"corrupt", "'epoch'"});
        row("metadata is a list", R"({"__metadata__":[]})", 0, {"corrupt", "__metadata__"});
        row("a list", "[]", 0, {"corrupt", "'{'"});
        row("not JSON", "{\"t\":", 0, {"corrupt", "JSON", "byte 6"});
        row("empty header", "", 4, {"corrupt", "0 bytes"});
        row("space in front", " {}", 0, {"corrupt", "'{'"});
    }
    void lyingHeaderIsRefused()
    {
        QFETCH(QString, header);
        QFETCH(int, body);
        QFETCH(QStringList, said);
        writeBytes(m_folder / "lie.safetensors",
                   safetensorsBytes(header.toStdString(), static_cast<std::size_t>(body)));
        try {
            readSafetensors(m_folder / "lie.safetensors");
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            const auto message = QString::fromStdString(std::string(toString(error.kind())) + ": " + describe(error));
            for (const auto& fragment : said)
                QVERIFY2(message.contains(fragment), qPrintable(message));
            QVERIFY2(message.contains("lie.safetensors"), qPrintable(message));
        }
    }

    void lyingHeaderLengthIsRefused()
    {
        const auto path = m_folder / "length.safetensors";
        writeBytes(path, "1234567");
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Corrupt, {"length.safetensors", "7 bytes"});
        writeBytes(path, "");
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Corrupt, {"0 bytes"});
        std::string file = safetensorsBytes("{}", 0);
        file[0] = 3;
        writeBytes(path, file);
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Corrupt, {"says it is 3 bytes", "has 2"});
        for (int i = 0; i < 8; ++i)
            file[static_cast<std::size_t>(i)] = '\xff';
        writeBytes(path, file);
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Corrupt, {"18446744073709551615"});
        // 100 MB and one byte, and the file is long enough (sparse): refused by the limit of the specification.
        file = safetensorsBytes("{", 0);
        const std::uint64_t length = 100'000'001;
        std::memcpy(file.data(), &length, 8);
        writeBytes(path, file);
        std::filesystem::resize_file(path, 200'000'000);
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Corrupt, {"100000001", "100000000"});
    }

    void everyTruncationIsRefused()
    {
        const std::string whole = safetensorsBytes(R"({"t":)" + entry("F32", "[2]", "[0,8]") + "}", 8);
        parseSafetensors(support::asBytes(whole), "whole");
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const std::string cut = whole.substr(0, length);
            PLANISH_REFUSES(parseSafetensors(support::asBytes(cut), "cut"), ErrorKind::Corrupt, {"cut"});
        }
    }

    void otherFormatsAreNamed()
    {
        const auto path = m_folder / "model.safetensors";
        writeBytes(path, std::string("GGUF\3\0\0\0", 8) + std::string(24, '.'));
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Unsupported, {"GGUF"});
        writeBytes(path, "PK\3\4............................");
        PLANISH_REFUSES(readSafetensors(path), ErrorKind::Unsupported, {"pickle", "convert the model to safetensors"});
        PLANISH_REFUSES(readSafetensors(m_folder / "absent.safetensors"), ErrorKind::NotFound, {"absent.safetensors"});
    }

    void shardsAreReadAsOneModel()
    {
        const auto folder = shardFolder("shards",
                                        R"({"metadata":{"total_size":5},"weight_map":{"a":"x-1.safetensors",)"
                                        R"("b":"sub/x-2.safetensors","c":"./sub/x-2.safetensors"}})");
        const auto set = readSafetensors(folder);
        QCOMPARE(set->tensors().size(), std::size_t{3});
        QCOMPARE(set->files().size(), std::size_t{2}); // two spellings of one shard are one
        QCOMPARE(static_cast<int>(set->at("b").bytes[1]), 1);
        QVERIFY(set->at("b").file.ends_with("sub/x-2.safetensors"));
        QCOMPARE(readSafetensors(folder / "model.safetensors.index.json")->tensors().size(), std::size_t{3});
    }

    void lyingIndexIsRefused_data()
    {
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](const char* name, const char* shard, const char* kind, const char* said) {
            const auto index = "{\"weight_map\":{\"a\":\"" + QByteArray(shard) + "\"}}";
            QTest::newRow(name) << index << QByteArray(kind) << QByteArray(said);
        };
        row("parent folder", "../x-1.safetensors", "corrupt", "leaves the folder");
        row("hidden parent folder", "sub/../../x-1.safetensors", "corrupt", "leaves the folder");
        row("absolute", "/etc/passwd", "corrupt", "leaves the folder");
        row("no name", "", "corrupt", "leaves the folder");
        row("the folder itself", ".", "corrupt", "leaves the folder");
        row("a folder", "sub/", "corrupt", "leaves the folder");
        row("NUL inside", "x-1.safetensors\\u0000/../../secret", "corrupt", "leaves the folder");
        row("missing shard", "x-9.safetensors", "not_found", "x-9.safetensors");
        row("shard without the tensor", "sub/x-2.safetensors", "not_found", "promises tensor 'a'");
        QTest::newRow("same tensor in two shards")
            << QByteArray(R"({"weight_map":{"a":"x-1.safetensors","b":"copy.safetensors"}})") << QByteArray("corrupt")
            << QByteArray("'a' is there twice");
        QTest::newRow("key twice") << QByteArray(R"({"weight_map":{"a":"x-1.safetensors","a":"sub/x-2.safetensors"}})")
                                   << QByteArray("corrupt") << QByteArray("'a' twice");
        QTest::newRow("no map") << QByteArray("{}") << QByteArray("corrupt") << QByteArray("weight_map");
        QTest::newRow("a list") << QByteArray("[]") << QByteArray("corrupt") << QByteArray("weight_map");
        QTest::newRow("shard is a number")
            << QByteArray(R"({"weight_map":{"a":1}})") << QByteArray("corrupt") << QByteArray("'a'");
        QTest::newRow("not JSON") << QByteArray("{") << QByteArray("corrupt") << QByteArray("byte 2");
    }
    void lyingIndexIsRefused()
    {
        QFETCH(QByteArray, index);
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, said);
        const auto folder = shardFolder("lies", index.toStdString());
        writeBytes(folder / "copy.safetensors",
                   safetensorsBytes(
                       R"({"a":)" + entry("U8", "[1]", "[0,1]") + R"(,"b":)" + entry("U8", "[1]", "[1,2]") + "}", 2));
        writeBytes(m_folder / "x-1.safetensors", "outside");
        try {
            readSafetensors(folder);
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            const auto message = std::string(toString(error.kind())) + ": " + describe(error);
            QVERIFY2(message.starts_with(kind.toStdString()), message.c_str());
            QVERIFY2(message.find(said.toStdString()) != std::string::npos, message.c_str());
            QVERIFY2(message.find("lies/") != std::string::npos, message.c_str());
        }
    }

    void pickleIsNeverRead()
    {
        const auto folder = m_folder / "pickle";
        writeBytes(folder / "config.json", "{}");
        PLANISH_REFUSES(readSafetensors(folder), ErrorKind::NotFound, {"pickle", "model.safetensors"});
        writeBytes(folder / "weights.bin", "numbers of another program");
        PLANISH_REFUSES(readSafetensors(folder), ErrorKind::NotFound, {"model.safetensors.index.json"});
        writeBytes(folder / "consolidated.safetensors", safetensorsBytes("{}", 0));
        PLANISH_REFUSES(readSafetensors(folder), ErrorKind::NotFound, {"'consolidated.safetensors': open that file"});
        writeBytes(folder / "pytorch_model.bin", "anything");
        PLANISH_REFUSES(readSafetensors(folder), ErrorKind::Unsupported,
                        {"pytorch_model.bin", "never read", "convert the model to safetensors"});
        PLANISH_REFUSES(readSafetensors(folder / "pytorch_model.bin"), ErrorKind::Unsupported, {"never read"});
        const auto real = support::sharedFolder() / "data/models/tiny-random-llama-hf";
        PLANISH_NEEDS(real);
        PLANISH_REFUSES(readSafetensors(real), ErrorKind::Unsupported, {"pytorch_model.bin", "never read"});
    }

    void sixteenGigabytesOpenWithoutBeingRead()
    {
        // 32 tensors of 512 MB in a sparse file: it takes no disk, and only the header's page may come into memory.
        std::string header = "{";
        const std::uint64_t size = 512ull << 20;
        for (std::uint64_t i = 0; i < 32; ++i) {
            header += i == 0 ? "\"t" : ",\"t";
            header += std::to_string(i);
            std::string range = "[";
            range += std::to_string(i * size) + "," + std::to_string((i + 1) * size) + "]";
            header += "\":" + entry("BF16", "[16384,16384]", range);
        }
        header += "}";
        const auto path = m_folder / "big" / "model.safetensors";
        writeBytes(path, safetensorsBytes(header, 0));
        std::error_code failed;
        std::filesystem::resize_file(path, 8 + header.size() + 32 * size, failed);
        if (failed)
            QSKIP("the file system of the temporary folder has no sparse files of 16 GB");
        const auto before = residentBytes();
        const auto set = readSafetensors(path.parent_path());
        QCOMPARE(set->at("t31").bytes.size(), std::size_t{size});
        QVERIFY2(residentBytes() < before + (16 << 20), "opening read tensor bytes");
    }

    void hadamardMatricesAreOrthogonal()
    {
        const auto path = support::sharedFolder() / "data/vectors/hadamard-matrices/hadamards.safetensors";
        PLANISH_NEEDS(path);
        const auto set = readSafetensors(path);
        QCOMPARE(set->tensors().size(), std::size_t{66}); // its README: orders 1, 2 and the multiples of 4 up to 256
        QVERIFY(!set->metadata().empty());
        for (const auto& tensor : set->tensors()) {
            const auto n = static_cast<std::size_t>(std::stoul(tensor.name));
            QCOMPARE(tensor.shape, std::vector<std::int64_t>(2, static_cast<std::int64_t>(n)));
            QVERIFY(tensor.dtype == DType::I8);
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = 0; j <= i; ++j) {
                    int product = 0;
                    for (std::size_t k = 0; k < n; ++k)
                        product += static_cast<std::int8_t>(tensor.bytes[i * n + k])
                            * static_cast<std::int8_t>(tensor.bytes[j * n + k]);
                    QCOMPARE(product, i == j ? static_cast<int>(n) : 0);
                }
            }
        }
    }

    void realModelsAreListed_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("tensors");
        QTest::addColumn<qint64>("elements"); // their READMEs: numbers of weights
        QTest::newRow("stories260k") << "stories260k/hf" << 5 * 9 + 2 << qint64{260032};
        QTest::newRow("babyllama") << "babyllama-char105/hf" << 5 * 9 + 2 << qint64{936448};
        QTest::newRow("novels-8m") << "novels-8m" << 8 * 9 + 3 << qint64{7901440};
        QTest::newRow("novels-8m-outliers") << "novels-8m-outliers" << 8 * 9 + 3 << qint64{7901440};
    }
    void realModelsAreListed()
    {
        QFETCH(QString, folder);
        QFETCH(int, tensors);
        QFETCH(qint64, elements);
        const auto path = support::sharedFolder() / "data/models" / folder.toStdString();
        PLANISH_NEEDS(path);
        const auto set = readSafetensors(path);
        qint64 counted = 0;
        for (const auto& tensor : set->tensors())
            counted += tensor.elementCount();
        QCOMPARE(static_cast<int>(set->tensors().size()), tensors);
        QCOMPARE(counted, elements);
    }

private:
    /** x-1.safetensors with tensor a, sub/x-2.safetensors with tensors b and c. */
    std::filesystem::path shardFolder(const char* name, const std::string& index)
    {
        const auto folder = m_folder / name;
        writeBytes(folder / "x-1.safetensors", safetensorsBytes(R"({"a":)" + entry("U8", "[2]", "[0,2]") + "}", 2));
        writeBytes(folder / "sub" / "x-2.safetensors",
                   safetensorsBytes(
                       R"({"b":)" + entry("U8", "[2]", "[0,2]") + R"(,"c":)" + entry("U8", "[1]", "[2,3]") + "}", 3));
        writeBytes(folder / "model.safetensors.index.json", index);
        return folder;
    }

    QTemporaryDir m_temporary;
    std::filesystem::path m_folder = m_temporary.path().toStdString();
};

QTEST_GUILESS_MAIN(TestSafetensorsReader)
#include "tst_safetensors_reader.moc"
