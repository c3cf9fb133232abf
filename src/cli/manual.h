// The manual page, written from the option tables.
#pragma once

#include <span>
#include <string>

#include "cli/verb.h"

namespace lancehead::cli {

[[nodiscard]] std::string manual_page(std::span<const Verb> verbs, const CLI::App& parser);

int print_manual(std::span<const Verb> verbs, const Options& options);

}  // namespace lancehead::cli
