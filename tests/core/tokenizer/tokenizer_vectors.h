// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <iterator>
#include <sstream>

namespace support {

/** SHA-256 of the ids as little-endian int32: Python's hashlib.sha256(struct.pack("<%di" % len(ids), *ids)). */
inline std::string idsSha256(const std::vector<int>& ids)
{
    return core::sha256({reinterpret_cast<const char*>(ids.data()), ids.size() * sizeof(int)});
}

/** The strings of NAME.inp: between them stand newline, marker, newline; the marker ends the last one too. */
inline std::vector<std::string> vectorTexts(const std::string& content)
{
    constexpr std::string_view kMark = "\n__ggml_vocab_test__\n";
    std::vector<std::string> texts;
    for (std::size_t begin = 0;;) {
        const std::size_t end = content.find(kMark, begin);
        if (end == std::string::npos)
            return texts;
        texts.push_back(content.substr(begin, end - begin));
        begin = end + kMark.size();
    }
}

/** Compares with llama.cpp's published vectors (made by its authors with the Hugging Face tokenizers): NAME.inp holds the
    texts, NAME.out a line of ids for each, without BOS. Also decodes them back. */
inline void compareWithVectors(const core::Tokenizer& tokenizer, const std::filesystem::path& name)
{
    PLANISH_NEEDS(std::filesystem::path(name.string() + ".inp"));
    const std::vector<std::string> texts = vectorTexts(core::readFile(name.string() + ".inp"));
    std::istringstream lines(core::readFile(name.string() + ".out"));
    QCOMPARE(texts.size(), std::size_t{46});
    for (const std::string& text : texts) {
        std::string line;
        QVERIFY(std::getline(lines, line));
        std::istringstream numbers(line);
        const std::vector<int> expected{std::istream_iterator<int>(numbers), {}};
        const std::vector<int> ids = tokenizer.encode(text, core::SpecialTokens::Omit);
        QVERIFY2(ids == expected, ("text: " + text).c_str());
        QCOMPARE(tokenizer.decode(ids), text);
    }
}

/** The texts of the reference numbers, by their description there. */
inline std::string referenceText(const std::string& description)
{
    const std::filesystem::path root = sharedFolder().parent_path();
    const std::string file = description.substr(0, description.find(','));
    std::string text = core::readFile(root / file);
    if (description.find("first 200000 bytes") != std::string::npos)
        return text.substr(0, 200000);
    if (description.find("joined by two newlines") == std::string::npos)
        return text;
    std::istringstream rows(text); // " " alone is an empty row; every other keeps its newline
    std::string joined, row;
    for (bool first = true; std::getline(rows, row); first = false)
        joined += (first ? "" : "\n\n") + (row == " " ? std::string() : row + "\n");
    return joined;
}

/** Checks that ids given one by one become the text that decode() gives, and that no piece holds a part of a character. */
inline void compareStreamWithDecode(const std::shared_ptr<const core::Tokenizer>& tokenizer,
                                    const std::vector<int>& ids)
{
    core::StreamingDecoder decoder(tokenizer);
    std::string streamed;
    for (const int id : ids) {
        const std::string piece = decoder.push(id);
        QVERIFY(QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size())).toUtf8().toStdString() == piece);
        streamed += piece;
    }
    streamed += decoder.finish();
    QCOMPARE(streamed, tokenizer->decode(ids));
}

} // namespace support
