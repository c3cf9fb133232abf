// What a person sees at the end of `lancehead run`.
#pragma once

#include <filesystem>

#include "cli/finish_recording.h"
#include "cli/options.h"

namespace lancehead::cli {

// Prints the report, the name of the recording and the next command, all to stderr: the standard
// output is the program's.
void print_run_report(FinishedRecording finished, const RunOptions& run,
                      const std::filesystem::path& path);

}  // namespace lancehead::cli
