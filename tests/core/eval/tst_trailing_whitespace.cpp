// SPDX-License-Identifier: Apache-2.0
#include "core/eval/trailing_whitespace.h"

#include <QtTest>

using core::lengthWithoutTrailingWhitespace;

class TrailingWhitespaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesWhatRstripLeaves_data()
    {
        // len(text.rstrip().encode()) of CPython 3.11
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("length");
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("nothing to take") << QByteArray("Answer:") << 7;
        QTest::newRow("space in front stays") << QByteArray(" a") << 2;
        QTest::newRow("mixed") << QByteArray("a \t\n\r\v\f ") << 1;
        QTest::newRow("separators") << QByteArray("a\x1c\x1d\x1e\x1f") << 1;
        QTest::newRow("no-break space") << QByteArray("a\xc2\xa0") << 1;
        QTest::newRow("next line") << QByteArray("a\xc2\x85 ") << 1;
        QTest::newRow("em space between") << QByteArray("a\xe2\x80\x83 \xe2\x80\x83") << 1;
        QTest::newRow("ideographic") << QByteArray("\xe3\x80\x80") << 0;
        QTest::newRow("zero width space is none") << QByteArray("a\xe2\x80\x8b") << 4;
        QTest::newRow("byte order mark is none") << QByteArray("a\xef\xbb\xbf") << 4;
        QTest::newRow("letter ending in the byte A0") << QByteArray("\xc3\xa0") << 2;
    }

    void leavesWhatRstripLeaves()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, length);
        QCOMPARE(static_cast<int>(lengthWithoutTrailingWhitespace(text.toStdString())), length);
    }
};

QTEST_GUILESS_MAIN(TrailingWhitespaceTest)
#include "tst_trailing_whitespace.moc"
