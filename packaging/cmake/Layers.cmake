# SPDX-License-Identifier: Apache-2.0
# The layers, and for each the layers it may include: the only place where edges are declared. The build links by this
# table and tests/layers checks every #include against it. "torch" marks a folder that sees LibTorch's headers.
#
# Format: folder | torch or plain | folders it may include, besides those of the folders named (edges are transitive).
set(PLANISH_LAYERS
    "core/base|plain|"
    "core/io|plain|core/base"
    "core/tokenizer|plain|core/io"
    "gpu|torch|"
    "core/model|torch|core/io core/tokenizer gpu"
    "core/stats|torch|core/model gpu"
    "core/transforms|torch|core/model gpu"
    "core/quant|torch|core/model gpu"
    "core/ranks|torch|core/base"
    "core/select|torch|core/stats core/transforms core/quant"
    "core/calibrate|torch|core/select core/ranks"
    "core/search|torch|core/calibrate"
    "core/export|torch|core/calibrate"
    "core/eval|torch|core/calibrate"
    "core/chat|torch|core/calibrate"
    "core/bench|torch|core/calibrate"
    "core/report|torch|core/export core/eval"
    "core/session|torch|core/search core/chat core/report core/bench"
)

# The layers of this build: all of them, or those without LibTorch.
set(PLANISH_BUILT_LAYERS ${PLANISH_LAYERS})
if(NOT PLANISH_ENGINE)
    list(FILTER PLANISH_BUILT_LAYERS EXCLUDE REGEX "\\|torch\\|")
endif()
