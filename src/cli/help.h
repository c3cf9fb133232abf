// The text of --help: examples first, within 80 columns.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.h"

namespace CLI {
class Option;
}

namespace lancehead::cli {

inline constexpr const char* kSummary =
    "Shows where a Python program spends its time, down to the expression.";

[[nodiscard]] std::string main_help(std::span<const Verb> verbs);
[[nodiscard]] std::string verb_help(const Verb& verb, const CLI::App& parser);

// An option as the other writers of the table (manual page, completions) need it.
struct OptionRow {
  std::vector<std::string> shorts;  // without the dash
  std::vector<std::string> longs;   // without the dashes
  std::string positional;           // its name, where it is one
  std::string value;                // such as FILE or auto|always|never; empty for a flag
  std::string help;
  [[nodiscard]] std::vector<std::string> words() const;  // the words that `value` offers
};

[[nodiscard]] std::vector<OptionRow> option_rows(const CLI::App& parser);

}  // namespace lancehead::cli
