// SPDX-License-Identifier: Apache-2.0
// The exported entries of the engine library.
#include "core/session/engine_layout.h"

extern "C" core::Session* planishCreateSession()
{
    return core::createSession().release();
}

/** Asked before a session is made: an engine of another build would be read wrongly. */
extern "C" std::size_t planishEngineLayout()
{
    return core::engineLayout();
}
