// SPDX-License-Identifier: Apache-2.0
#include "core/io/mapped_file.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>

using core::ErrorKind;
using core::MappedFile;

class TestMappedFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreThoseOfTheFile()
    {
        support::writeBytes(m_folder / "a", std::string("one\0two", 7));
        const auto file = MappedFile::open(m_folder / "a");
        QCOMPARE(file->path(), m_folder / "a");
        QCOMPARE(std::string(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()),
                 std::string("one\0two", 7));
    }

    void emptyFileGivesNoBytes()
    {
        support::writeBytes(m_folder / "empty", "");
        QVERIFY(MappedFile::open(m_folder / "empty")->bytes().empty());
    }

    void bytesStayAfterTheFileIsRemoved()
    {
        support::writeBytes(m_folder / "gone", "still here");
        const auto file = MappedFile::open(m_folder / "gone");
        std::filesystem::remove(m_folder / "gone");
        QCOMPARE(static_cast<char>(file->bytes()[6]), 'h');
    }

    void whatCannotBeMappedIsRefused()
    {
        PLANISH_REFUSES(MappedFile::open(m_folder / "absent"), ErrorKind::NotFound, {"absent", "No such file"});
        PLANISH_REFUSES(MappedFile::open(m_folder), ErrorKind::Io, {"folder", m_folder.string()});
        support::writeBytes(m_folder / "file", "x");
        PLANISH_REFUSES(MappedFile::open(m_folder / "file" / "below"), ErrorKind::NotFound, {"below"});
        QCOMPARE(::mkfifo((m_folder / "pipe").c_str(), 0600), 0);
        PLANISH_REFUSES(MappedFile::open(m_folder / "pipe"), ErrorKind::Io,
                        {"pipe", "regular file"}); // and does not wait
    }

private:
    QTemporaryDir m_temporary;
    std::filesystem::path m_folder = m_temporary.path().toStdString();
};

QTEST_GUILESS_MAIN(TestMappedFile)
#include "tst_mapped_file.moc"
