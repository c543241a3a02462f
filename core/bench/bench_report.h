// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace core {

/** What is measured. */
struct BenchSpec
{
    std::vector<std::string> kernels; // of benchKernels(); empty: all
    std::vector<std::int64_t> shape;  // in place of each kernel's own, as benchKernels() describes it; empty: its own
    int repeat = 10;                  // samples, of which the median counts
};

/** One kernel beside one reference, both measured in this run. */
struct BenchLine
{
    std::string name;
    std::string shape;
    std::string reference;      // what it is compared with
    double ours = 0.0;          // seconds
    double theirs = 0.0;        // seconds of the reference
    std::string limit;          // what bounds it: "read bandwidth", "copy bandwidth", "matrix rate"; empty: not known
    double limitFraction = 0.0; // of that, 1 where it could not be faster

    double ratio() const { return theirs / ours; }
};

struct BenchReport
{
    std::vector<BenchLine> lines;
    int threads = 1;
    double readBandwidth = 0.0; // bytes a second, measured on a large sum
    double copyBandwidth = 0.0; // bytes read and written a second, on a large copy
    double matrixRate = 0.0;    // operations a second (two a product): 8-bit on a GPU, float32 on the CPU
};

/** Told each line as it is measured. */
using BenchObserver = std::function<void(const BenchLine&)>;

struct BenchKernel
{
    std::string name;
    std::string shape; // what the numbers of BenchSpec::shape mean
};

/** Every kernel that can be named. */
std::vector<BenchKernel> benchKernels();

} // namespace core
