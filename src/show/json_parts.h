// The parts that the tables of the JSON report have in common.
#pragma once

#include <nlohmann/json.hpp>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::show {

using Json = nlohmann::ordered_json;

// Nanoseconds as a whole number: what a reader can add up without rounding.
[[nodiscard]] Json time_json(double nanoseconds);
[[nodiscard]] Json share_json(const analyze::Share& share);
// Null for none.
[[nodiscard]] Json function_json(const profile::Profile& profile, profile::FunctionId id);

[[nodiscard]] Json summary_json(const profile::Profile& profile);
[[nodiscard]] const char* clock_name(analyze::Clock clock);

}  // namespace lancehead::show
