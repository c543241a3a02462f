// SPDX-License-Identifier: Apache-2.0
#include "core/session/guarded.h"

#include <QTest>

using core::memoryShortage;

class TstMemoryShortage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Both texts as LibTorch 2.x writes them (c10/core/impl/alloc_cpu.cpp, c10/cuda/CUDACachingAllocator.cpp).
    void aDeviceNamesBothFigures()
    {
        const auto found =
            memoryShortage("CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of "
                           "79.11 GiB of which 512.00 MiB is free. Process 7 has 78 GiB in use.");
        QCOMPARE(found.requested, 5ull << 29);
        QCOMPARE(found.available, 512ull << 20);
    }

    void theHostNamesWhatWasAskedAndTheSystemWhatIsThere()
    {
        const auto found =
            memoryShortage("[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate "
                           "memory: you tried to allocate 8589934592 bytes. Error code 12 (Cannot allocate)");
        QCOMPARE(found.requested, 8589934592ull);
        QVERIFY(found.available > 0);
    }

    void aTextWithoutFiguresHasNone() { QCOMPARE(memoryShortage({}).requested, 0u); }

    void badAllocationsLeaveTheSessionWithFigures()
    {
        try {
            core::guarded([]() -> int { throw std::bad_alloc(); });
            QFAIL("nothing was thrown");
        } catch (const core::Error& error) {
            QVERIFY(error.kind() == core::ErrorKind::OutOfMemory);
            QVERIFY(error.shortage() && error.shortage()->available > 0);
        }
    }
};

QTEST_GUILESS_MAIN(TstMemoryShortage)
#include "tst_memory_shortage.moc"
