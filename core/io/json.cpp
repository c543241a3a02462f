// SPDX-License-Identifier: Apache-2.0
#include "core/io/json.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace core {

namespace {

constexpr std::uint64_t kLargestFile = 512ull << 20;
constexpr std::size_t kDeepest = 256;
constexpr std::size_t kLongestReason = 200;

/** Builds the value from nlohmann's events. Its own builder keeps the last of two equal keys silently, and searches all
    keys of an object for each new one, which takes minutes for the vocabulary in a tokenizer.json. */
class Builder : public nlohmann::json_sax<Json>
{
public:
    explicit Builder(std::string name)
        : m_name(std::move(name))
    {
    }

    Json take() { return std::move(m_root); }

    bool null() override { return place(nullptr); }
    bool boolean(bool value) override { return place(value); }
    bool number_integer(number_integer_t value) override { return place(value); }
    bool number_unsigned(number_unsigned_t value) override { return place(value); }
    bool number_float(number_float_t value, const string_t&) override { return place(value); }
    bool string(string_t& value) override { return place(std::move(value)); }
    bool binary(binary_t& value) override { return place(Json::binary(std::move(value))); }

    bool start_object(std::size_t) override { return enter(true); }
    bool start_array(std::size_t) override { return enter(false); }

    bool key(string_t& value) override
    {
        m_levels.back().key = std::move(value);
        return true;
    }

    bool end_object() override
    {
        auto members = std::move(m_levels.back().members);
        m_levels.pop_back();
        refuseEqualKeys(members);
        Json::object_t object;
        object.reserve(members.size());
        for (auto& [name, value] : members)
            object.emplace_back(std::move(name), std::move(value));
        return place(Json(std::move(object)));
    }

    bool end_array() override
    {
        auto elements = std::move(m_levels.back().elements);
        m_levels.pop_back();
        return place(Json(std::move(elements)));
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override
    {
        std::string reason = error.what();
        if (const auto bracket = reason.find("] "); bracket != std::string::npos)
            reason = reason.substr(bracket + 2); // drop "[json.exception.parse_error.101] "
        if (reason.size() > kLongestReason)
            reason = reason.substr(0, kLongestReason) + "..."; // it quotes the last token, however long
        throw Error(ErrorKind::Corrupt, "not valid JSON at byte " + std::to_string(position) + ": " + reason, m_name);
    }

private:
    struct Level
    {
        bool isObject = false;
        std::string key;
        std::vector<std::pair<std::string, Json>> members;
        Json::array_t elements;
    };

    bool enter(bool isObject)
    {
        if (m_levels.size() == kDeepest)
            throw Error(ErrorKind::Corrupt, "JSON nested more than " + std::to_string(kDeepest) + " levels deep",
                        m_name);
        m_levels.emplace_back().isObject = isObject;
        return true;
    }

    bool place(Json value)
    {
        if (m_levels.empty())
            m_root = std::move(value);
        else if (m_levels.back().isObject)
            m_levels.back().members.emplace_back(std::move(m_levels.back().key), std::move(value));
        else
            m_levels.back().elements.push_back(std::move(value));
        return true;
    }

    void refuseEqualKeys(const std::vector<std::pair<std::string, Json>>& members) const
    {
        std::vector<std::string_view> keys;
        keys.reserve(members.size());
        for (const auto& member : members)
            keys.push_back(member.first);
        std::sort(keys.begin(), keys.end());
        const auto twice = std::adjacent_find(keys.begin(), keys.end());
        if (twice != keys.end())
            throw Error(ErrorKind::Corrupt, "JSON object has the key '" + std::string(*twice) + "' twice", m_name);
    }

    std::string m_name;
    Json m_root;
    std::vector<Level> m_levels;
};

} // namespace

Json readJson(const std::filesystem::path& path)
{
    std::error_code status;
    const auto size = std::filesystem::file_size(path, status);
    if (!status && size > kLargestFile)
        throw Error(ErrorKind::Corrupt,
                    "JSON file of " + std::to_string(size) + " bytes; at most " + std::to_string(kLargestFile)
                        + " are read",
                    path.string());
    return parseJson(readFile(path), path.string());
}

Json parseJson(std::string_view text, const std::string& nameForMessages)
{
    Builder builder(nameForMessages);
    Json::sax_parse(text.begin(), text.end(), &builder);
    return builder.take();
}

Json jsonNumber(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    return value;
}

double numberFromJson(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    if (value == "nan")
        return std::numeric_limits<double>::quiet_NaN();
    if (value == "inf")
        return std::numeric_limits<double>::infinity();
    if (value == "-inf")
        return -std::numeric_limits<double>::infinity();
    auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 60)
        text = text.substr(0, 60) + "...";
    throw Error(ErrorKind::Corrupt, "JSON value " + text + " is not a number");
}

} // namespace core
