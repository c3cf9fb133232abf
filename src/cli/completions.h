// Shell completions, written from the option tables.
#pragma once

#include <span>
#include <string>

#include "cli/verb.h"

namespace lancehead::cli {

[[nodiscard]] std::string completion_script(std::span<const Verb> verbs, const CLI::App& parser,
                                            Shell shell);

int print_completions(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
