// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_reader.h"
#include "core/io/gguf_writer.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace core;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kRowOfQ4_0 = 18; // bytes: f16 and 32 nibbles

std::vector<std::byte> bytes(std::size_t size, int first)
{
    std::vector<std::byte> result(size);
    for (std::size_t i = 0; i < size; ++i)
        result[i] = static_cast<std::byte>(first + int(i));
    return result;
}

} // namespace

class GgufWriterTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    fs::path path(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

private Q_SLOTS:
    void whatIsWrittenIsReadBack()
    {
        const GgufEntries metadata{{"a.count", std::uint32_t{7}},
                                   {"a.rate", 0.5f},
                                   {"a.flag", true},
                                   {"a.text", std::string("two\nlines")},
                                   {"a.ids", std::vector<std::int32_t>{-1, 2}},
                                   {"a.scores", std::vector<float>{-0.25f}},
                                   {"a.words", std::vector<std::string>{"", "é"}}};
        GgufStream file(path("a.gguf"), metadata, {{"norm", DType::F32, {3}}, {"matrix", DType::Q4_0, {2, 32}}});
        const auto norm = bytes(12, 1), matrix = bytes(2 * kRowOfQ4_0, 40);
        file.write(norm);
        file.write(matrix);
        QVERIFY(!fs::exists(path("a.gguf")));
        QVERIFY(isGguf(file.verify())); // by its letters: the file aside has another name
        file.commit();
        const auto read = readGguf(path("a.gguf"), GgufBody::Required);
        QCOMPARE(*read.integer("a.count"), std::int64_t(7));
        QCOMPARE(*read.real("a.rate"), 0.5);
        QCOMPARE(*read.flag("a.flag"), true);
        QCOMPARE(*read.text("a.text"), std::string("two\nlines"));
        QVERIFY(std::get<std::vector<std::int64_t>>(read.metadata.at("a.ids")) == (std::vector<std::int64_t>{-1, 2}));
        QVERIFY(std::get<std::vector<double>>(read.metadata.at("a.scores")) == std::vector{-0.25});
        QVERIFY(std::get<std::vector<std::string>>(read.metadata.at("a.words")) == (std::vector<std::string>{"", "é"}));
        const auto& stored = read.tensors->at("matrix");
        QVERIFY(stored.shape == (std::vector<std::int64_t>{2, 32}));
        QVERIFY(std::ranges::equal(stored.bytes, matrix));
        QVERIFY(std::ranges::equal(read.tensors->at("norm").bytes, norm));
    }

    void aFileThatIsNotCommittedLeavesTheOldOne()
    {
        const auto write = [&](int first, bool commit) {
            GgufStream file(path("b.gguf"), {}, {{"norm", DType::F32, {2}}});
            file.write(bytes(8, first));
            file.verify();
            if (commit)
                file.commit();
        };
        write(1, true);
        write(100, false);
        const auto kept = readGguf(path("b.gguf"), GgufBody::Required);
        QVERIFY(std::ranges::equal(kept.tensors->at("norm").bytes, bytes(8, 1)));
        QCOMPARE(std::distance(fs::directory_iterator(m_temporary.path().toStdString()), {}), 2L); // a.gguf, b.gguf
    }

    void aChangedByteIsNoticed()
    {
        GgufStream file(path("c.gguf"), {}, {{"norm", DType::F32, {2}}});
        file.write(bytes(8, 1));
        const auto aside = file.verify();
        std::fstream disk(aside, std::ios::in | std::ios::out | std::ios::binary);
        disk.seekp(-32, std::ios::end); // the tensor is the last thing but its padding
        disk.put('\x7f');
        disk.close();
        PLANISH_REFUSES(file.verify(), ErrorKind::Io, {"c.gguf: norm", "differs"});
    }

    void whatGgufCannotHoldIsRefused()
    {
        const auto open = [&](std::vector<TensorLayout> layout) { GgufStream(path("d.gguf"), {}, std::move(layout)); };
        PLANISH_REFUSES(open({{"t", DType::Bool, {2}}}), ErrorKind::Unsupported, {"d.gguf: t", "BOOL"});
        PLANISH_REFUSES(open({{"t", DType::Q8_0, {2, 33}}}), ErrorKind::InvalidArgument, {"d.gguf: t", "32"});
        PLANISH_REFUSES(open({{"t", DType::F32, {2}}, {"t", DType::F32, {2}}}), ErrorKind::InvalidArgument, {"twice"});
        PLANISH_REFUSES(open({{std::string(64, 'n'), DType::F32, {2}}}), ErrorKind::InvalidArgument, {"63"});
        GgufStream file(path("e.gguf"), {}, {{"t", DType::F32, {2}}});
        PLANISH_REFUSES(file.write(bytes(7, 0)), ErrorKind::Internal, {"7 bytes"});
        PLANISH_REFUSES(file.verify(), ErrorKind::Internal, {"missing"});
    }
};

QTEST_GUILESS_MAIN(GgufWriterTest)
#include "tst_gguf_writer.moc"
