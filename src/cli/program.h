// Where our options end and the profiled program begins.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"

namespace lancehead::cli {

struct SplitCommandLine {
  std::vector<std::string> ours;
  Program program;
};

// Ours are the options up to the first of: a word that is no option (a script), `-m`, `-c` (both as
// Python takes them, so `-mfoo` and `-qm foo` too), or `--` (a command). What follows is the
// program's and is not looked at.
[[nodiscard]] Result<SplitCommandLine> split_program(const CLI::App& verb,
                                                     const std::vector<std::string>& words);

}  // namespace lancehead::cli
