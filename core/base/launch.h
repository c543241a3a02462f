// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace core {

/** How this process was started as one of several that share their work, as torchrun says it in the environment: RANK, WORLD_SIZE,
    LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT. Under Slurm the job script sets them (RANK=$SLURM_PROCID and so on). */
struct Launch
{
    int rank = 0;
    int size = 1;
    int localRank = 0; // among the processes of this machine
    int localSize = 1;
    std::string address;
    int port = 0;
    bool agentServes = false; // torchrun itself listens at address and port, instead of rank 0
    std::string attempt;      // keeps a restarted group apart from the one before
};

/** Nothing where WORLD_SIZE is absent or 1. Throws Error(InvalidArgument) naming the variable where one is missing or makes no
    sense. */
std::optional<Launch> launchFromEnvironment();

} // namespace core
