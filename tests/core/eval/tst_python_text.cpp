// SPDX-License-Identifier: Apache-2.0
#include "core/eval/python_text.h"

#include <QtTest>

using core::lengthWithoutTrailingWhitespace;

class PythonTextTest : public QObject
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

    void stripTakesBothEnds()
    {
        QCOMPARE(core::strip(" \t a b\xc2\xa0\n"), std::string_view("a b"));
        QCOMPARE(core::strip(" \n "), std::string_view());
    }

    void capitalizeIsPythons_data()
    {
        // str.capitalize() of CPython 3.11
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("rest in lower case") << QByteArray("then She RUNS") << QByteArray("Then she runs");
        QTest::newRow("accents") << QByteArray("\xc3\x89"
                                               "COLE \xc3\x89t\xc3\xa9")
                                 << QByteArray("\xc3\x89"
                                               "cole \xc3\xa9t\xc3\xa9");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("a space first") << QByteArray(" a B") << QByteArray(" a b");
        QTest::newRow("a digit first") << QByteArray("42 ABC") << QByteArray("42 abc");
        QTest::newRow("title case is its own") << QByteArray("\xc7\x86 abc") << QByteArray("\xc7\x85 abc");
        QTest::newRow("Greek") << QByteArray("\xce\x91\xce\x92\xce\x93") << QByteArray("\xce\x91\xce\xb2\xce\xb3");
    }

    void capitalizeIsPythons()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(core::capitalize(text.toStdString())), expected);
    }

    void charactersAreCounted()
    {
        QCOMPARE(core::characterCount("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"), std::size_t(4));
    }
};

QTEST_GUILESS_MAIN(PythonTextTest)
#include "tst_python_text.moc"
