// From the words of the command line to a verb and its options.
#pragma once

#include <expected>
#include <memory>
#include <span>

#include "cli/verb.h"

namespace lancehead::cli {

// The parser of all verbs, also the table that help, manual page and completions are made from.
[[nodiscard]] std::unique_ptr<CLI::App> make_parser(std::span<const Verb> verbs, Options& options);

// The verb that was asked for, its options filled in. Where there is nothing left to do (help,
// version, a mistake) the person has been told, and the exit code is returned.
[[nodiscard]] std::expected<const Verb*, int> parse_command_line(std::span<const Verb> verbs,
                                                                 std::span<char*> words,
                                                                 Options& options);

}  // namespace lancehead::cli
