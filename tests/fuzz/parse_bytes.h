// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/io/gguf_header.h"
#include "core/io/json.h"
#include "core/io/safetensors_header.h"

#include <cstdlib>
#include <span>
#include <vector>

// What the fuzzers and the mutation test do with any bytes: parse, then use all that was promised. Anything but success
// or core::Error is a defect: another exception, a crash, a bound that does not hold.
namespace fuzz {

enum class Outcome { Read, Refused };

/** Reads the tensor if its type can be read; else touches its first and last byte. */
inline void use(const core::TensorView& tensor)
{
    const auto elements = static_cast<std::uint64_t>(tensor.elementCount());
    if (!tensor.bytes.empty() && elements <= tensor.bytes.size() * 2) {
        std::vector<float> values(elements);
        try {
            core::readAsFloat(tensor, values);
        } catch (const core::Error& error) {
            if (error.kind() != core::ErrorKind::Unsupported)
                std::abort(); // the reader promised bytes that fit type and shape
        }
    }
    volatile auto sum = tensor.bytes.empty() ? std::byte{} : tensor.bytes.front() ^ tensor.bytes.back();
    static_cast<void>(sum);
}

template <typename Parse>
Outcome outcomeOf(Parse&& parse)
{
    try {
        parse();
        return Outcome::Read;
    } catch (const core::Error& error) {
        if (error.kind() == core::ErrorKind::Internal || std::string_view(error.what()).empty())
            std::abort();
        return Outcome::Refused;
    }
}

inline Outcome safetensors(std::span<const std::byte> file)
{
    return outcomeOf([&] {
        auto header = core::parseSafetensors(file, "fuzz.safetensors");
        std::uint64_t bytes = 0;
        for (const auto& tensor : header.tensors) {
            use(tensor);
            bytes += tensor.bytes.size();
        }
        if (bytes > file.size())
            std::abort(); // they must not overlap
        const core::TensorSet set({}, std::move(header.tensors), std::move(header.metadata));
    });
}

inline Outcome gguf(std::span<const std::byte> file)
{
    const auto read = [&](core::GgufBody body) {
        return outcomeOf([&] {
            auto header = core::parseGguf(file, "fuzz.gguf", body);
            if (body == core::GgufBody::Required && !header.complete)
                std::abort();
            for (const auto& tensor : header.tensors)
                use(tensor);
            const core::TensorSet set({}, std::move(header.tensors), {});
        });
    };
    const auto required = read(core::GgufBody::Required);
    const auto described = read(core::GgufBody::MayBeMissing);
    if (required == Outcome::Read && described == Outcome::Refused)
        std::abort();
    return required;
}

inline Outcome json(std::span<const std::byte> file)
{
    return outcomeOf([&] {
        const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
        const auto value = core::parseJson(text, "fuzz.json");
        const auto again = core::parseJson(value.dump(), "again.json"); // what was accepted can be written and read
        if (again.dump() != value.dump())
            std::abort();
    });
}

} // namespace fuzz
