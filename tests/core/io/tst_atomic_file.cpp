// SPDX-License-Identifier: Apache-2.0
#include "core/io/atomic_file.h"
#include "core/io/json.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QtTest>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

using namespace core;

class TestAtomicFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_path = std::filesystem::path(m_temporary.path().toStdString()) / std::to_string(++m_number) / "file.txt";
        std::filesystem::create_directories(m_path.parent_path());
        writeFileAtomically(m_path, "old");
    }

    void commitReplacesTheWholeFile()
    {
        AtomicFile file(m_path);
        file.write("new ");
        file.write(std::string_view("content\0!", 9));
        QCOMPARE(readFile(m_path), std::string("old")); // until committed
        file.commit();
        QCOMPARE(readFile(m_path), std::string("new content\0!", 13));
        QCOMPARE(namesBeside(), std::vector<std::string>{"file.txt"});
    }

    void withoutCommitNothingChanges()
    {
        {
            AtomicFile file(m_path);
            file.write("half");
            QVERIFY(std::filesystem::exists(file.aside()));
        }
        QCOMPARE(readFile(m_path), std::string("old"));
        QCOMPARE(namesBeside(), std::vector<std::string>{"file.txt"});
    }

    void killedWriterLeavesTheOldFileWhole()
    {
        const auto child = ::fork();
        if (child == 0) {
            AtomicFile file(m_path);
            file.write(std::string(1 << 20, 'x'));
            file.flush();
            ::kill(::getpid(), SIGKILL);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QCOMPARE(readFile(m_path), std::string("old"));
        writeFileAtomically(m_path, "new"); // what the killed one left is not in the way
        QCOMPARE(readFile(m_path), std::string("new"));
    }

    void leftoversOfOthersStayAndAreNotInTheWay()
    {
        std::filesystem::path leftover;
        {
            const AtomicFile file(m_path);
            leftover = file.aside();
        }
        std::ofstream(leftover) << "leftover"; // as if a killed process had had our number
        writeFileAtomically(m_path, "new");
        QCOMPARE(readFile(m_path), std::string("new"));
        QCOMPARE(readFile(leftover), std::string("leftover"));
    }

    void rightsAreKept()
    {
        QCOMPARE(::chmod(m_path.c_str(), 0640), 0);
        writeFileAtomically(m_path, "new");
        struct stat status = {};
        QCOMPARE(::stat(m_path.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777u, 0640u);
        const mode_t before = ::umask(027);
        writeFileAtomically(m_path.parent_path() / "fresh.txt", "x");
        ::umask(before);
        QCOMPARE(::stat((m_path.parent_path() / "fresh.txt").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777u, 0640u); // 0666 without the mask's bits
    }

    void linksAreFollowed()
    {
        const auto link = m_path.parent_path() / "link.txt";
        std::filesystem::create_symlink("file.txt", link);
        writeFileAtomically(link, "new");
        QVERIFY(std::filesystem::is_symlink(link));
        QCOMPARE(readFile(m_path), std::string("new"));
    }

    void relativeNamesWork()
    {
        const auto before = std::filesystem::current_path();
        std::filesystem::current_path(m_path.parent_path());
        writeFileAtomically("plain.txt", "here");
        std::filesystem::current_path(before);
        QCOMPARE(readFile(m_path.parent_path() / "plain.txt"), std::string("here"));
    }

    void devicesAndPipesAreRefusedAndStay()
    {
        PLANISH_REFUSES(writeFileAtomically("/dev/null", "x"), ErrorKind::Io, {"device", "/dev/null"});
        const auto pipe = m_path.parent_path() / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        PLANISH_REFUSES(writeFileAtomically(pipe, "x"), ErrorKind::Io, {"pipe"});
        QVERIFY(std::filesystem::is_fifo(pipe));
    }

    void foldersAreRefused()
    {
        PLANISH_REFUSES(writeFileAtomically(m_path.parent_path(), "x"), ErrorKind::Io, {"folder"});
        PLANISH_REFUSES(writeFileAtomically(m_path.parent_path() / "absent" / "x", "x"), ErrorKind::NotFound,
                        {"absent"});
        PLANISH_REFUSES(writeFileAtomically(m_path / "below", "x"), ErrorKind::NotFound, {"below"});
    }

private:
    std::vector<std::string> namesBeside() const
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(m_path.parent_path()))
            names.push_back(entry.path().filename().string());
        return names;
    }

    QTemporaryDir m_temporary;
    std::filesystem::path m_path;
    int m_number = 0;
};

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_atomic_file.moc"
