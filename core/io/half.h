// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace core {

/** IEEE 754 binary16 as float32: exact for every one of the 65536 patterns, NaN payloads kept. */
inline float halfToFloat(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1fu;
    const std::uint32_t mantissa = half & 0x3ffu;
    // Subnormal halves are multiples of 2^-24, all normal in float32.
    const std::uint32_t small = std::bit_cast<std::uint32_t>(static_cast<float>(mantissa) * 0x1p-24f);
    const std::uint32_t normal = ((exponent + 112u) << 23) | (mantissa << 13);
    const std::uint32_t special = 0x7f800000u | (mantissa << 13);
    return std::bit_cast<float>(sign | (exponent == 0 ? small : exponent == 31 ? special : normal));
}

/** bfloat16 is the upper half of float32. */
inline float bfloat16ToFloat(std::uint16_t value)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

/** 8-bit floats of the OCP FP8 specification. E5M2 is the upper half of binary16. */
inline float e5m2ToFloat(std::uint8_t value)
{
    return halfToFloat(static_cast<std::uint16_t>(value << 8));
}

/** E4M3 ("fn"): bias 7, no infinities, 0x7f and 0xff are NaN, largest value 448. */
inline float e4m3ToFloat(std::uint8_t value)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(value & 0x80u) << 24;
    const std::uint32_t exponent = (value >> 3) & 0xfu;
    const std::uint32_t mantissa = value & 0x7u;
    const std::uint32_t small = std::bit_cast<std::uint32_t>(static_cast<float>(mantissa) * 0x1p-9f);
    const std::uint32_t normal = ((exponent + 120u) << 23) | (mantissa << 20);
    const std::uint32_t special = 0x7fc00000u;
    const bool notANumber = exponent == 15 && mantissa == 7;
    return std::bit_cast<float>(sign | (exponent == 0 ? small : notANumber ? special : normal));
}

} // namespace core
