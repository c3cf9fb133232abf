// The verb `kernprof`: what line_profiler's command does, by lancehead's means.
#pragma once

#include <span>

#include "cli/verb.h"

namespace lancehead::cli {

// Exit code as of run_program().
[[nodiscard]] int kernprof(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
