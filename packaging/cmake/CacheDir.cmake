# SPDX-License-Identifier: Apache-2.0
# Where packaging/setup.sh keeps what it downloads.
if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(PLANISH_CACHE_DIR "$ENV{XDG_CACHE_HOME}/planish")
else()
    set(PLANISH_CACHE_DIR "$ENV{HOME}/.cache/planish")
endif()
