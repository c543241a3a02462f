// SPDX-License-Identifier: Apache-2.0
// The one exported entry of the engine library.
#include "core/session/session.h"

extern "C" core::Session* planishCreateSession()
{
    return core::createSession().release();
}
