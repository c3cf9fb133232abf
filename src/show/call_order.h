// The order of called functions, by the keys that pstats has.
#pragma once

#include <string>
#include <vector>

#include "analyze/calls.h"
#include "profile/profile.h"
#include "show/report_options.h"

namespace lancehead::show {

// Stable; numbers and times from the largest down, texts and lines up.
void sort_calls(const profile::Profile& profile, SortOrder order,
                std::vector<analyze::CalledFunction>& rows);

// "internal time": how pstats calls the order.
[[nodiscard]] const char* order_name(SortOrder order);

// "fib.py:2(fib)", "{built-in method builtins.abs}": as pstats writes a function. Not escaped.
[[nodiscard]] std::string call_label(const profile::Profile& profile, profile::FunctionId function);

}  // namespace lancehead::show
