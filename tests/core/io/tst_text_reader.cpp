// SPDX-License-Identifier: Apache-2.0
#include "core/io/text_reader.h"
#include "core/io/utf8.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <zlib.h>

using namespace core;
using support::writeBytes;

namespace {

std::string gzip(const std::string& text)
{
    z_stream stream = {};
    deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

using Texts = std::vector<std::string>;

} // namespace

class TestTextReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainFileIsOneDocumentAsItStands()
    {
        const std::string text = "\xef\xbb\xbfone\r\n\n two \xf0\x9f\x98\x80\n";
        writeBytes(m_folder / "a.txt", text);
        QCOMPARE(readDocuments(m_folder / "a.txt"), Texts{text});
        QCOMPARE(readText(m_folder / "a.txt"), text);
        writeBytes(m_folder / "empty.txt", "");
        QCOMPARE(readDocuments(m_folder / "empty.txt"), Texts{""});
    }

    void jsonLinesAreDocuments()
    {
        writeBytes(m_folder / "a.jsonl", "{\"id\":1,\"text\":\"one\\ntwo\"}\r\n\n{\"text\":\"three\"}");
        QCOMPARE(readDocuments(m_folder / "a.jsonl"), (Texts{"one\ntwo", "three"}));
        QCOMPARE(readText(m_folder / "a.jsonl"), std::string("one\ntwo\n\nthree"));
    }

    void gzippedFilesReadAlike()
    {
        const std::string large(300000, 'x'); // several output chunks
        writeBytes(m_folder / "a.txt.gz", gzip(large));
        QCOMPARE(readDocuments(m_folder / "a.txt.gz"), Texts{large});
        writeBytes(m_folder / "a.jsonl.gz", gzip("{\"text\":\"one\"}\n") + gzip("{\"text\":\"two\"}\n"));
        QCOMPARE(readDocuments(m_folder / "a.jsonl.gz"), (Texts{"one", "two"})); // two members, one stream
    }

    void cutOrDamagedGzipIsRefused()
    {
        auto packed = gzip("a text that is long enough to be cut");
        writeBytes(m_folder / "cut.gz", packed.substr(0, packed.size() - 9));
        PLANISH_REFUSES(readDocuments(m_folder / "cut.gz"), ErrorKind::Corrupt, {"cut.gz", "cut short"});
        packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] + 1); // the checksum
        writeBytes(m_folder / "bad.gz", packed);
        PLANISH_REFUSES(readDocuments(m_folder / "bad.gz"), ErrorKind::Corrupt, {"bad.gz", "incorrect data check"});
        writeBytes(m_folder / "start.gz", packed.substr(0, 2));
        PLANISH_REFUSES(readDocuments(m_folder / "start.gz"), ErrorKind::Corrupt, {"start.gz"});
    }

    void badUtf8NamesLineAndByte()
    {
        writeBytes(m_folder / "latin.txt", "good\nna\xefve\n"); // position 7, line 2
        PLANISH_REFUSES(readText(m_folder / "latin.txt"), ErrorKind::Corrupt,
                        {"latin.txt", "line 2", "0xef", "position 7"});
        writeBytes(m_folder / "wide.txt",
                   std::string("\xff\xfe"
                               "a\0",
                               4));
        PLANISH_REFUSES(readText(m_folder / "wide.txt"), ErrorKind::Corrupt, {"line 1", "0xff", "UTF-16"});
    }

    void badLinesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("no object") << QByteArray("[1]");
        QTest::newRow("no text") << QByteArray("{\"txt\":\"a\"}");
        QTest::newRow("text is a number") << QByteArray("{\"text\":1}");
        QTest::newRow("not JSON") << QByteArray("{\"text\":");
    }
    void badLinesAreNamed()
    {
        QFETCH(QByteArray, line);
        writeBytes(m_folder / "lines.jsonl", "{\"text\":\"ok\"}\n" + line.toStdString() + "\n");
        PLANISH_REFUSES(readDocuments(m_folder / "lines.jsonl"), ErrorKind::Corrupt, {"lines.jsonl", "line 2"});
    }

    void hugeFilesAreRefusedBeforeTheyAreRead()
    {
        writeBytes(m_folder / "huge.txt", "");
        std::error_code failed;
        std::filesystem::resize_file(m_folder / "huge.txt", (std::uintmax_t{4} << 30) + 1,
                                     failed); // sparse: takes no disk
        if (failed)
            QSKIP("the file system of the temporary folder has no sparse files of 4 GB");
        PLANISH_REFUSES(readText(m_folder / "huge.txt"), ErrorKind::Unsupported, {"huge.txt", "4294967297"});
    }

    void absentFileIsNamed()
    {
        PLANISH_REFUSES(readText(m_folder / "absent.txt"), ErrorKind::NotFound, {"absent.txt"});
    }

    // Unicode 15, table 3-7, and Markus Kuhn's stress test for the malformed rows.
    void utf8IsCheckedStrictly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("bad"); // -1: well-formed
        QTest::newRow("ascii") << QByteArray("plain text of more than eight characters") << qint64{-1};
        QTest::newRow("edges of 2, 3, 4 bytes") << QByteArray(
            "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")
                                                << qint64{-1};
        QTest::newRow("NUL is a character") << QByteArray("a\0b", 3) << qint64{-1};
        QTest::newRow("lone continuation") << QByteArray("a\x80") << qint64{1};
        QTest::newRow("overlong of two") << QByteArray("ab\xc0\xaf") << qint64{2};
        QTest::newRow("overlong of three") << QByteArray("\xe0\x9f\xbf") << qint64{0};
        QTest::newRow("overlong of four") << QByteArray("\xf0\x8f\xbf\xbf") << qint64{0};
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << qint64{0};
        QTest::newRow("above 10ffff") << QByteArray("\xf4\x90\x80\x80") << qint64{0};
        QTest::newRow("cut at the end") << QByteArray("12345678\xe2\x82") << qint64{8};
        QTest::newRow("bad third byte") << QByteArray("\xe2\x82x") << qint64{0};
        QTest::newRow("bad inside the fast path") << QByteArray("1234567\xff"
                                                                "9abcdefgh")
                                                  << qint64{7};
    }
    void utf8IsCheckedStrictly()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, bad);
        QCOMPARE(static_cast<qint64>(firstBadUtf8({text.constData(), static_cast<std::size_t>(text.size())})), bad);
    }

    void realCorpusIsRead()
    {
        const auto path = support::sharedFolder() / "data/text/c4-sample/c4-sample.01.json.gz";
        PLANISH_NEEDS(path);
        QCOMPARE(readDocuments(path).size(), std::size_t{10}); // zcat FILE | wc -l
    }

private:
    QTemporaryDir m_temporary;
    std::filesystem::path m_folder = m_temporary.path().toStdString();
};

QTEST_GUILESS_MAIN(TestTextReader)
#include "tst_text_reader.moc"
