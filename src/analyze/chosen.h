// Functions that the program itself named with `profile`.
#pragma once

#include <set>

#include "profile/profile.h"

namespace lancehead::analyze {

// What is said of functions' exact counts is said of these only. Empty where the program named
// none: then of all.
[[nodiscard]] std::set<profile::FunctionId> chosen_functions(const profile::Profile& profile);

}  // namespace lancehead::analyze
