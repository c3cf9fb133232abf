// Which files of two recordings are the same, by their paths.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "profile/profile.h"

namespace lancehead::analyze {

// Pairs of paths, each path in one at most.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> match_files(
    const profile::Profile& before, const profile::Profile& after);

}  // namespace lancehead::analyze
