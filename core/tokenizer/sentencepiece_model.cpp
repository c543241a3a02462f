// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/sentencepiece_model.h"

#include "core/base/error.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace core {
namespace {

// Field numbers of sentencepiece_model.proto.
namespace field {
constexpr int kPieces = 1, kTrainerSpec = 2, kNormalizerSpec = 3;
constexpr int kPiece = 1, kScore = 2, kType = 3;
constexpr int kModelType = 3, kVocabSize = 4, kWhitespaceSuffix = 24, kByteFallback = 35, kUnkId = 40, kBosId = 41,
              kEosId = 42, kPadId = 43;
constexpr int kUnkPiece = 45, kBosPiece = 46, kEosPiece = 47;
constexpr int kName = 1, kAddDummyPrefix = 3, kRemoveExtraWhitespaces = 4, kEscapeWhitespaces = 5;
} // namespace field

constexpr int kModelTypeBpe = 2;

enum WireType { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

struct Field
{
    int number = 0;
    std::uint64_t integer = 0; // Varint, Fixed32 (its bits), Fixed64
    std::string_view bytes;    // Bytes
};

/** Walks over the fields of one protobuf message. */
class MessageReader
{
public:
    MessageReader(std::string_view message, std::size_t offset, const std::string& file)
        : m_message(message)
        , m_offset(offset)
        , m_file(file)
    {
    }

    bool next(Field& field)
    {
        if (m_position == m_message.size())
            return false;
        const std::uint64_t key = varint();
        field.number = static_cast<int>(key >> 3 & 0x1FFFFFFF);
        switch (key & 7) {
        case Varint: field.integer = varint(); break;
        case Fixed64: field.integer = fixed(8); break;
        case Fixed32: field.integer = fixed(4); break;
        case Bytes: field.bytes = take(varint()); break;
        default: fail("unknown wire type " + std::to_string(key & 7));
        }
        return true;
    }

    std::size_t offsetOf(std::string_view part) const { return m_offset + (part.data() - m_message.data()); }

private:
    std::string_view take(std::uint64_t length)
    {
        if (length > m_message.size() - m_position)
            fail("a field of " + std::to_string(length) + " bytes where "
                 + std::to_string(m_message.size() - m_position) + " are left");
        m_position += length;
        return m_message.substr(m_position - length, length);
    }

    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1).front());
            value |= std::uint64_t{byte & 0x7Fu} << shift;
            if (byte < 0x80)
                return value;
        }
        fail("a number longer than 64 bits");
    }

    std::uint64_t fixed(int length)
    {
        std::uint64_t value = 0;
        std::memcpy(&value, take(length).data(), length);
        return value;
    }

    [[noreturn]] void fail(const std::string& what) const
    {
        throw Error(ErrorKind::Corrupt,
                    "not a SentencePiece model: " + what + " at byte " + std::to_string(m_offset + m_position)
                        + " (cut short, or another kind of file?)",
                    m_file);
    }

    std::string_view m_message;
    std::size_t m_offset;
    const std::string& m_file;
    std::size_t m_position = 0;
};

SentencePiece parsePiece(MessageReader reader)
{
    SentencePiece piece;
    for (Field field; reader.next(field);) {
        if (field.number == field::kPiece)
            piece.piece = field.bytes;
        else if (field.number == field::kScore)
            piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.integer));
        else if (field.number == field::kType)
            piece.type = static_cast<PieceType>(field.integer);
    }
    return piece;
}

void appendVarint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

void appendInteger(std::string& out, int number, std::int64_t value)
{
    appendVarint(out, static_cast<std::uint64_t>(number) << 3 | Varint);
    appendVarint(out, static_cast<std::uint64_t>(value)); // negative: ten bytes, as int32 fields are written
}

void appendBytes(std::string& out, int number, std::string_view bytes)
{
    appendVarint(out, static_cast<std::uint64_t>(number) << 3 | Bytes);
    appendVarint(out, bytes.size());
    out += bytes;
}

void appendFloat(std::string& out, int number, float value)
{
    appendVarint(out, static_cast<std::uint64_t>(number) << 3 | Fixed32);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(bits >> shift);
}

std::string trainerSpec(const SentencePieceModel& model)
{
    std::string spec;
    appendInteger(spec, field::kModelType, kModelTypeBpe);
    appendInteger(spec, field::kVocabSize, static_cast<std::int64_t>(model.pieces.size()));
    const auto isByte = [](const SentencePiece& piece) { return piece.type == PieceType::Byte; };
    appendInteger(spec, field::kByteFallback, std::any_of(model.pieces.begin(), model.pieces.end(), isByte));
    const auto reserve = [&](int idField, int pieceField, std::optional<int> id) {
        appendInteger(spec, idField, id.value_or(-1));
        if (id && *id >= 0 && *id < static_cast<int>(model.pieces.size()))
            appendBytes(spec, pieceField, model.pieces[*id].piece);
    };
    reserve(field::kUnkId, field::kUnkPiece, model.unknownId);
    reserve(field::kBosId, field::kBosPiece, model.bosId);
    reserve(field::kEosId, field::kEosPiece, model.eosId);
    appendInteger(spec, field::kPadId, -1);
    return spec;
}

} // namespace

SentencePieceModel parseSentencePieceModel(std::string_view proto, const std::string& file)
{
    SentencePieceModel model;
    MessageReader reader(proto, 0, file);
    for (Field field; reader.next(field);) {
        if (field.number == field::kPieces) {
            model.pieces.push_back(parsePiece(MessageReader(field.bytes, reader.offsetOf(field.bytes), file)));
        } else if (field.number == field::kNormalizerSpec) {
            MessageReader spec(field.bytes, reader.offsetOf(field.bytes), file);
            for (Field flag; spec.next(flag);) {
                if (flag.number == field::kAddDummyPrefix)
                    model.addDummyPrefix = flag.integer != 0;
                else if (flag.number == field::kRemoveExtraWhitespaces)
                    model.removeExtraWhitespaces = flag.integer != 0;
                else if (flag.number == field::kEscapeWhitespaces)
                    model.escapeWhitespaces = flag.integer != 0;
            }
        } else if (field.number == field::kTrainerSpec) {
            MessageReader spec(field.bytes, reader.offsetOf(field.bytes), file);
            for (Field setting; spec.next(setting);) {
                if (setting.number == field::kModelType)
                    model.isBpe = setting.integer == kModelTypeBpe;
                else if (setting.number == field::kWhitespaceSuffix)
                    model.whitespaceIsSuffix = setting.integer != 0;
            }
        }
    }
    if (model.pieces.empty())
        throw Error(ErrorKind::Corrupt, "not a SentencePiece model: it has no pieces", file);
    return model;
}

bool mergesStayWithinWords(const SentencePieceModel& model)
{
    if (!model.isBpe || !model.escapeWhitespaces || model.whitespaceIsSuffix)
        return false;
    constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // "▁"
    return std::none_of(model.pieces.begin(), model.pieces.end(), [kSpaceMark](const SentencePiece& piece) {
        std::string_view rest = piece.piece;
        while (rest.starts_with(kSpaceMark))
            rest.remove_prefix(kSpaceMark.size());
        return rest.find(kSpaceMark) != std::string_view::npos;
    });
}

std::string serializeSentencePieceModel(const SentencePieceModel& model)
{
    std::string proto;
    for (const SentencePiece& piece : model.pieces) {
        std::string message;
        appendBytes(message, field::kPiece, piece.piece);
        appendFloat(message, field::kScore, piece.score);
        appendInteger(message, field::kType, static_cast<int>(piece.type));
        appendBytes(proto, field::kPieces, message);
    }
    appendBytes(proto, field::kTrainerSpec, trainerSpec(model));
    std::string normalizer;
    appendBytes(normalizer, field::kName, "identity");
    appendInteger(normalizer, field::kAddDummyPrefix, model.addDummyPrefix);
    appendInteger(normalizer, field::kRemoveExtraWhitespaces, model.removeExtraWhitespaces);
    appendInteger(normalizer, field::kEscapeWhitespaces, 1);
    appendBytes(proto, field::kNormalizerSpec, normalizer);
    return proto;
}

std::string withoutDummyPrefix(std::string proto)
{
    std::string normalizer;
    appendInteger(normalizer, field::kAddDummyPrefix, 0);
    appendBytes(proto, field::kNormalizerSpec, normalizer);
    return proto;
}

} // namespace core
