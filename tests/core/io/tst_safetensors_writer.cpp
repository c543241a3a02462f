// SPDX-License-Identifier: Apache-2.0
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/io/safetensors_writer.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

using namespace core;

namespace {

/** While it lives, files of this process cannot grow above `bytes`: writing fails as on a full disk. */
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before = {};
    void (*m_handler)(int) = nullptr;
};

std::size_t filesIn(const std::filesystem::path& folder)
{
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder))
        ++count;
    return count;
}

} // namespace

class TestSafetensorsWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::filesystem::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        std::filesystem::create_directories(m_folder);
    }

    void bytesAreThoseOfTheSpecification()
    {
        // Written out by hand: u64 length, header padded with spaces to 8, then tensors by element size and name.
        const std::string bytes = "0123456789abcdef";
        const auto part = [&](std::size_t from, std::size_t count) {
            return support::asBytes(bytes).subspan(from, count);
        };
        writeSafetensors(m_folder / "m.safetensors",
                         {{"c", DType::U8, {3}, part(0, 3)},
                          {"b", DType::F32, {1, 1}, part(4, 4)},
                          {"a", DType::F32, {}, part(8, 4)}},
                         {{"format", "pt"}});
        std::string header = R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},)"
                             R"("c":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
        header.resize((header.size() + 7) / 8 * 8, ' ');
        QCOMPARE(readFile(m_folder / "m.safetensors"),
                 support::safetensorsBytes(header, 0)
                     + "89ab"
                       "4567"
                       "012");
    }

    void whatWasWrittenIsReadBack()
    {
        const std::vector<float> values = {1.5f, -2.0f, 0.0f};
        const std::string name = "model.\"quoted\" \xc3\xa9";
        writeSafetensors(
            m_folder / "m.safetensors",
            {{name, DType::F32, {3, 1}, std::as_bytes(std::span(values))}, {"empty", DType::BF16, {0, 4}, {}}}, {});
        const auto set = readSafetensors(m_folder / "m.safetensors");
        std::vector<float> read(3);
        readAsFloat(set->at(name), read);
        QCOMPARE(read, values);
        QCOMPARE(set->at("empty").shape, (std::vector<std::int64_t>{0, 4}));
        QVERIFY(set->metadata().empty());
    }

    void fileWithoutTensorsIsValid()
    {
        writeSafetensors(m_folder / "m.safetensors", {}, {});
        QVERIFY(readSafetensors(m_folder / "m.safetensors")->tensors().empty());
    }

    void aRealModelSurvivesTheRoundTrip()
    {
        const auto source = support::sharedFolder() / "data/models/novels-8m";
        PLANISH_NEEDS(source);
        const auto original = readSafetensors(source);
        std::vector<TensorToWrite> tensors;
        for (const auto& tensor : original->tensors())
            tensors.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes});
        writeSafetensors(m_folder / "copy.safetensors", tensors, original->metadata());
        std::reverse(tensors.begin(), tensors.end());
        writeSafetensors(m_folder / "again.safetensors", tensors, original->metadata());
        QCOMPARE(sha256(readFile(m_folder / "copy.safetensors")), sha256(readFile(m_folder / "again.safetensors")));
        const auto copy = readSafetensors(m_folder / "copy.safetensors");
        for (const auto& tensor : original->tensors()) {
            const auto& other = copy->at(tensor.name);
            QCOMPARE(other.shape, tensor.shape);
            QVERIFY(std::ranges::equal(other.bytes, tensor.bytes));
        }
    }

    void wrongTensorsAreRefusedBeforeAnythingIsWritten()
    {
        const std::string bytes(18, 'x');
        const auto span = support::asBytes(bytes);
        const auto path = m_folder / "m.safetensors";
        const auto write = [&](std::vector<TensorToWrite> tensors, std::map<std::string, std::string> metadata = {}) {
            writeSafetensors(path, std::move(tensors), metadata);
        };
        const auto kind = ErrorKind::InvalidArgument;
        PLANISH_REFUSES(write({{"w", DType::F32, {5}, span}}), kind, {"'w'", "18 bytes", "[5]", "20", "m.safetensors"});
        PLANISH_REFUSES(write({{"w", DType::Q4_0, {32}, span}}), kind, {"Q4_0"});
        PLANISH_REFUSES(write({{"w", DType::Other, {18}, span}}), kind, {"other"});
        PLANISH_REFUSES(write({{"__metadata__", DType::U8, {18}, span}}), kind, {"reserved"});
        PLANISH_REFUSES(
            write({{"w", DType::U8, {18}, span}, {"v", DType::U8, {18}, span}, {"w", DType::I8, {18}, span}}), kind,
            {"'w' was given twice"});
        PLANISH_REFUSES(write({{"w\xff", DType::U8, {18}, span}}), kind, {"JSON"});
        PLANISH_REFUSES(write({}, {{"k", "\xff"}}), kind, {"JSON"});
        QCOMPARE(filesIn(m_folder), std::size_t{0});
    }

    void fullDiskLeavesTheOldFile()
    {
        const auto path = m_folder / "m.safetensors";
        writeSafetensors(path, {}, {{"state", "old"}});
        const std::string large(1 << 20, 'x');
        {
            const FullDisk disk(1 << 16);
            PLANISH_REFUSES(writeSafetensors(path, {{"w", DType::U8, {1 << 20}, support::asBytes(large)}}, {}),
                            ErrorKind::Io, {"m.safetensors", "File too large"});
        }
        QCOMPARE(readSafetensors(path)->metadata().at("state"), std::string("old"));
        QCOMPARE(filesIn(m_folder), std::size_t{1}); // nothing half-written beside it
    }

    void whereNothingCanBeWrittenTheReasonIsNamed()
    {
        PLANISH_REFUSES(writeSafetensors(m_folder / "absent" / "m.safetensors", {}, {}), ErrorKind::NotFound,
                        {"absent", "No such file"});
        PLANISH_REFUSES(writeSafetensors(m_folder, {}, {}), ErrorKind::Io, {"folder"});
        support::writeBytes(m_folder / "file", "x");
        PLANISH_REFUSES(writeSafetensors(m_folder / "file" / "m.safetensors", {}, {}), ErrorKind::NotFound,
                        {"Not a directory"});
    }

    void whereWritingIsForbiddenTheReasonIsNamed()
    {
        const auto path = m_folder / "m.safetensors";
        writeSafetensors(path, {}, {{"state", "old"}});
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        const bool superuser = ::geteuid() == 0;
        constexpr uid_t nobody = 65534; // rights do not bind the superuser, so become another user
        if (superuser && ::seteuid(nobody) != 0)
            QSKIP("the superuser cannot become another user here");
        const auto why = support::whyNotRefused([&] { writeSafetensors(path, {}, {}); }, ErrorKind::Io,
                                                {"m.safetensors", "Permission denied"});
        if (superuser)
            QCOMPARE(::seteuid(0), 0);
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all);
        QVERIFY2(why.empty(), why.c_str());
        QCOMPARE(readSafetensors(path)->metadata().at("state"), std::string("old"));
        QCOMPARE(filesIn(m_folder), std::size_t{1});
    }

private:
    QTemporaryDir m_temporary;
    std::filesystem::path m_folder;
    int m_number = 0;
};

QTEST_GUILESS_MAIN(TestSafetensorsWriter)
#include "tst_safetensors_writer.moc"
