// From what was asked on the command line to a selection of samples.
#pragma once

#include <optional>

#include "analyze/selection.h"
#include "base/result.h"
#include "profile/profile.h"
#include "show/report_options.h"

namespace lancehead::show {

// Fails (usage) when no thread has the name or id asked for.
[[nodiscard]] Result<analyze::Selection> select_for(const profile::Profile& profile,
                                                    const ReportOptions& options);

[[nodiscard]] std::optional<analyze::Clock> chosen_clock(ClockChoice choice);

}  // namespace lancehead::show
