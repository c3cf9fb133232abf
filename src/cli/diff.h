// `lancehead diff`: what takes more or less time in a second recording.
#pragma once

#include <span>

#include "cli/options.h"
#include "cli/verb.h"

namespace lancehead::cli {

// Prints to stdout. Exits with 1 where it found what `--fail-on` names, with 4 where a recording is
// incomplete.
[[nodiscard]] int diff(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
