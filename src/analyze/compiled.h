// Functions of which compiled traces ran.
#pragma once

#include <set>

#include "profile/profile.h"

namespace lancehead::analyze {

// One sample in a compiled trace is enough: from then on nobody knows which instruction of the
// function is right.
[[nodiscard]] std::set<profile::FunctionId> compiled_functions(const profile::Profile& profile);

}  // namespace lancehead::analyze
