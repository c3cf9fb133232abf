// The verb `run`: starts a program, records it, and reports.
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "cli/finish_recording.h"
#include "cli/options.h"
#include "cli/verb.h"

namespace lancehead::cli {

// What is made of a finished recording; it stands in the file.
using AfterRun = std::function<void(FinishedRecording, const std::filesystem::path&)>;

// Runs and records the program, then does `after`, if there is something to report. Otherwise as
// run_program().
[[nodiscard]] int run_and(const RunOptions& run, const AfterRun& after);

// Returns the exit code of lancehead: the program's own where it ran. Dies by the signal that the
// program died by.
[[nodiscard]] int run_program(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
