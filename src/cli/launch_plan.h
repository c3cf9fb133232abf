// From the words of the command line to what is started and where it is recorded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace lancehead::cli {

// Names the interpreter where --python does not: `python -m lancehead` passes its own. The program
// does not get to see it.
inline constexpr const char* kPythonVariable = "LANCEHEAD_PYTHON";

struct LaunchPlan {
  std::vector<std::string> arguments;  // the whole command line of the program
  std::string interpreter;             // empty where the program is a command
  std::string command_code;            // what `-c` runs
  std::string title;                   // a short name of the program, for files
};

// Errors: usage (a script that is not there, an interpreter that cannot be found).
[[nodiscard]] Result<LaunchPlan> plan_launch(const RunOptions& run);

// `--output`, or a name in the working directory made from the title that is still free.
[[nodiscard]] std::filesystem::path choose_recording(const RunOptions& run,
                                                     const std::string& title);

}  // namespace lancehead::cli
