// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** See Session::chat: the last message is answered, framed by the model's template where the request is not raw. */
ChatResult reply(ModelStore& store, const ChatSpec& spec, const TokenObserver& observer, Progress& progress);

} // namespace core
