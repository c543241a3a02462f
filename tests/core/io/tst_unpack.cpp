// SPDX-License-Identifier: Apache-2.0
#include "core/io/json.h"
#include "core/io/unpack.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QtTest>

using namespace core;

namespace {

const std::string kText = "one line\nand another\n";

/** printf 'one line\nand another\n' | bzip2 -9 */
std::string packedText()
{
    return QByteArray::fromHex("425a6839314159265359bb1d8c35000008d180001040002665940020002298d0"
                               "6410340d00a5e01fdea056be611c2ee48a70a121763b186a")
        .toStdString();
}

constexpr std::size_t kLimit = 1 << 24;

} // namespace

class TestUnpack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainBytesComeBackAsTheyAre()
    {
        QCOMPARE(unpack(kText, "a", kLimit), kText);
        QCOMPARE(unpack("", "a", kLimit), std::string());
    }

    void bzip2IsUnpackedMemberAfterMember()
    {
        QCOMPARE(unpack(packedText(), "a", kLimit), kText);
        QCOMPARE(unpack(packedText() + packedText(), "a", kLimit), kText + kText);
    }

    void cutOrDamagedBzip2IsRefused()
    {
        const auto packed = packedText();
        for (std::size_t size = 3; size < packed.size(); ++size)
            PLANISH_REFUSES(unpack(packed.substr(0, size), "a.bz2", kLimit), ErrorKind::Corrupt,
                            {"a.bz2", "cut short"});
        auto damaged = packed;
        damaged[25] = static_cast<char>(damaged[25] ^ 4);
        PLANISH_REFUSES(unpack(damaged, "a.bz2", kLimit), ErrorKind::Corrupt, {"a.bz2", "unpacked"});
    }

    void aTextLargerThanTheLimitIsRefused()
    {
        PLANISH_REFUSES(unpack(packedText(), "a.bz2", 20), ErrorKind::Unsupported, {"a.bz2", "20 bytes"});
        QCOMPARE(unpack(packedText(), "a.bz2", 21), kText);
    }

    void aRealFileHasItsPublishedChecksum()
    {
        const auto file = support::sharedFolder() / "data/tasks/hellaswag/hellaswag_val_full.txt.bz2";
        PLANISH_NEEDS(file);
        // The checksum of the unpacked text, from the README beside it.
        QCOMPARE(sha256(unpack(readFile(file), file.string(), kLimit)),
                 std::string("d572539320eb2050e858ca34b495bbe2103e3b3f1391a9c3bcdf215b0bb93bd1"));
    }
};

QTEST_GUILESS_MAIN(TestUnpack)
#include "tst_unpack.moc"
