// Time by function: its own, and with what it called.
#pragma once

#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct FunctionRow {
  profile::FunctionId function;
  Share self;
  Share total;  // recursion counts once
  TimeSplit self_split;
  TimeSplit total_split;
};

// By self time, largest first.
[[nodiscard]] std::vector<FunctionRow> functions(const profile::Profile& profile,
                                                 const Selection& selection);

}  // namespace lancehead::analyze
