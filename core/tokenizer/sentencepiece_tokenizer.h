// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/tokenizer_settings.h"

#include <filesystem>
#include <memory>

namespace core {

class Tokenizer;

/** A SentencePiece model file. `settings` are those of the folder around it.

    With `legacy: false` in tokenizer_config.json the ids are those of transformers' LlamaTokenizer (not its fast form): one
    "▁" goes in front of the whole text, and what follows a special token gets none. Otherwise the ids are SentencePiece's
    own; stretches of text between special tokens are encoded one by one, each with the model's dummy prefix, as
    transformers does it by default. */
std::shared_ptr<const Tokenizer> loadSentencePiece(const std::filesystem::path& file,
                                                   const TokenizerSettings& settings);

/** A vocabulary that came from elsewhere (GGUF). Empty and repeated pieces keep their ids and never match. `origin` names
    the file in messages. */
std::shared_ptr<const Tokenizer> makeSentencePiece(SentencePieceModel model, const TokenizerSettings& settings,
                                                   const std::string& origin);

} // namespace core
