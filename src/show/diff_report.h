// The difference of two recordings on a terminal.
#pragma once

#include <string>

#include "show/diff_answer.h"
#include "show/terminal.h"

namespace lancehead::show {

// What the recordings are called.
struct DiffNames {
  std::string before;
  std::string after;
};

[[nodiscard]] std::string render_diff(const DiffAnswer& answer, const DiffNames& names,
                                      const DiffOptions& options, const Terminal& terminal);

}  // namespace lancehead::show
