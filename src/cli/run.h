// The verb `run`: starts a program, records it, and reports.
#pragma once

#include <span>

#include "cli/options.h"
#include "cli/verb.h"

namespace lancehead::cli {

// Returns the exit code of lancehead: the program's own where it ran. Dies by the signal that the
// program died by.
[[nodiscard]] int run_program(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
