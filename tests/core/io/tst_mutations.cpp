// SPDX-License-Identifier: Apache-2.0
#include "tests/core/io/gguf_bytes.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/fuzz/parse_bytes.h"

#include <QtTest>

#include <array>
#include <random>

using support::GgufBytes;

namespace {

using Parser = fuzz::Outcome (*)(std::span<const std::byte>);

/** One to four random changes: a flipped bit, a byte, a number at the edge of its range, a part cut or doubled. */
std::string mutated(std::string file, std::mt19937_64& random)
{
    static constexpr std::array<std::uint64_t, 12> kEdges = {0,
                                                             1,
                                                             0x7f,
                                                             0xff,
                                                             0x7fffffff,
                                                             0x80000000,
                                                             0xffffffff,
                                                             0x7fffffffffffffff,
                                                             0x8000000000000000,
                                                             0xffffffffffffffff,
                                                             0x100000000,
                                                             0xfffffffffffffff8};
    const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random() % limit); };
    const auto changes = 1 + below(4);
    for (std::size_t i = 0; i < changes && !file.empty(); ++i) {
        const auto at = below(file.size());
        switch (below(6)) {
        case 0: file[at] = static_cast<char>(file[at] ^ (1 << below(8))); break;
        case 1: file[at] = static_cast<char>(random()); break;
        case 2: {
            const auto value = kEdges[below(kEdges.size())];
            const std::size_t width = below(2) == 0 ? 4 : 8;
            std::memcpy(file.data() + at, &value, std::min(width, file.size() - at));
            break;
        }
        case 3: file.erase(at, 1 + below(9)); break;
        case 4: file.insert(at, file.substr(at, 1 + below(16))); break;
        default: file.resize(at); break;
        }
    }
    return file;
}

struct Counts
{
    int read = 0;
    int refused = 0;
};

Counts storm(const std::string& valid, Parser parse, int runs)
{
    std::mt19937_64 random(20240612);
    Counts counts;
    for (int run = 0; run < runs; ++run) {
        const auto file = mutated(valid, random);
        // A copy of exactly this size, so that a sanitizer sees every byte read beyond the end.
        const std::vector<char> exact(file.begin(), file.end());
        const auto outcome = parse(std::as_bytes(std::span(exact)));
        ++(outcome == fuzz::Outcome::Read ? counts.read : counts.refused);
    }
    return counts;
}

std::string validSafetensors()
{
    const std::string header = R"({"__metadata__":{"format":"pt"},"a":)" + support::entry("F32", "[2,3]", "[0,24]")
        + R"(,"b":)" + support::entry("BF16", "[4]", "[24,32]") + R"(,"c":)" + support::entry("I8", "[]", "[32,33]")
        + "}";
    return support::safetensorsBytes(header, 33);
}

std::string validGguf()
{
    GgufBytes file(3, 6);
    file.pair("general.architecture", "llama").pair("general.alignment", 4, std::uint32_t{32}).pair("eps", 6, 1e-5f);
    file.text("tokens").put(std::uint32_t{9}).put(std::uint32_t{8}).put(std::uint64_t{2}).text("<s>").text("a");
    file.text("scores").put(std::uint32_t{9}).put(std::uint32_t{6}).put(std::uint64_t{2}).put(0.0f).put(-1.0f);
    file.pair("flag", 7, std::uint8_t{1});
    file.record("a", {3, 2}, 0, 0).record("b", {32}, 2, 32).record("c", {256}, 14, 64);
    return file.pad().body(64 + 210).bytes();
}

const char* const kJson =
    R"({"model":{"vocab":{"a":0,"b":1},"merges":["a b"]},"eps":1e-05,"list":[true,null,-3,"\u00e9\n"],"empty":{}})";

} // namespace

/** Seeded damage to valid files. parse_bytes.h ends the program on anything but success or core::Error. */
class TestMutations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damagedFilesAreReadOrRefused_data()
    {
        QTest::addColumn<QByteArray>("valid");
        QTest::addColumn<int>("parser");
        const auto row = [](const char* name, const std::string& valid, int parser) {
            QTest::newRow(name) << QByteArray(valid.data(), static_cast<qsizetype>(valid.size())) << parser;
        };
        row("safetensors", validSafetensors(), 0);
        row("GGUF", validGguf(), 1);
        row("JSON", kJson, 2);
    }
    void damagedFilesAreReadOrRefused()
    {
        QFETCH(QByteArray, valid);
        QFETCH(int, parser);
        constexpr Parser parsers[] = {fuzz::safetensors, fuzz::gguf, fuzz::json};
        const auto whole = valid.toStdString();
        QVERIFY(parsers[parser](support::asBytes(whole)) == fuzz::Outcome::Read);
        const auto counts = storm(whole, parsers[parser], 20000);
        // Both must happen, or the storm blows past the parser: harmless damage is read, most is refused.
        QVERIFY2(counts.read > 20 && counts.refused > 10000,
                 qPrintable(QStringLiteral("%1 read, %2 refused").arg(counts.read).arg(counts.refused)));
    }
};

QTEST_GUILESS_MAIN(TestMutations)
#include "tst_mutations.moc"
