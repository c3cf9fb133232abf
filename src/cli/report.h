// The verbs that read a recording and print it.
#pragma once

#include <span>

#include "cli/verb.h"

namespace lancehead::cli {

// `lancehead report`: prints to stdout. Exits with 4 where the recording is incomplete.
int report(std::span<const Verb> verbs, const Options& options);

// `lancehead export`: another format, to stdout or to a file.
int export_recording(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
