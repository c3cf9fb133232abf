// The difference of two recordings for programs. docs/json.md documents the form.
#pragma once

#include <string>

#include "show/diff_answer.h"

namespace lancehead::show {

inline constexpr int kDiffJsonVersion = 1;

// Every table is whole unless a limit was asked for.
[[nodiscard]] std::string render_diff_json(const DiffAnswer& answer, const DiffOptions& options);

}  // namespace lancehead::show
