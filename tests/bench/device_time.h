// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace bench {

/** Times work on a device: on a GPU between two of its events, so that only what ran there counts. */
class Timer
{
public:
    Timer(c10::Device device, int repetitions)
        : m_device(device)
        , m_repetitions(repetitions)
    {
    }

    c10::Device device() const { return m_device; }

    /** Seconds of one work(i), i < variants in turn: the median of the samples after one that warms up. */
    template <typename Work>
    double secondsOf(int variants, const Work& work) const
    {
        const int calls = m_device.is_cuda() ? std::max(variants, 8) : variants;
        std::vector<double> samples;
        for (int sample = -1; sample < m_repetitions; ++sample) {
            const double seconds = once([&] {
                for (int call = 0; call < calls; ++call)
                    work(call % variants);
            });
            if (sample >= 0)
                samples.push_back(seconds / calls);
        }
        std::nth_element(samples.begin(), samples.begin() + m_repetitions / 2, samples.end());
        return samples[m_repetitions / 2];
    }

    /** Bytes read and written in a second by LibTorch's copy of a tensor far larger than any cache. */
    double copyBytesPerSecond() const
    {
        const auto from = at::randn({m_device.is_cuda() ? 1 << 28 : 1 << 24}, at::TensorOptions().device(m_device));
        auto to = at::empty_like(from);
        return 2.0 * double(from.nbytes()) / secondsOf(1, [&](int) { to.copy_(from); });
    }

private:
    template <typename Work>
    double once(const Work& work) const
    {
        if (!m_device.is_cuda()) {
            const auto start = std::chrono::steady_clock::now();
            work();
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        }
        const auto stream = c10::impl::VirtualGuardImpl(m_device.type()).getStream(m_device);
        c10::Event start(m_device.type(), c10::EventFlag::BACKEND_DEFAULT);
        c10::Event stop(m_device.type(), c10::EventFlag::BACKEND_DEFAULT);
        stream.synchronize();
        start.record(stream);
        work();
        stop.record(stream);
        stop.synchronize();
        return 1e-3 * start.elapsedTime(stop);
    }

    c10::Device m_device;
    int m_repetitions;
};

} // namespace bench
