// The report for programs. docs/json.md documents the form; kJsonVersion rises with each change
// that a reader could trip over.
#pragma once

#include <string>

#include "base/result.h"
#include "profile/profile.h"
#include "show/report_options.h"

namespace lancehead::show {

inline constexpr int kJsonVersion = 1;

// Fails as render_report() does. Every table is whole unless a limit was asked for.
[[nodiscard]] Result<std::string> render_json(const profile::Profile& profile,
                                              const ReportOptions& options);

}  // namespace lancehead::show
