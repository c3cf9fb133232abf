// Which expressions of two versions of a line are the same.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "analyze/lines.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// The same place in two lists; nothing where a list has it not.
using IndexPair = std::pair<std::optional<std::size_t>, std::optional<std::size_t>>;

// By their text, the first of a text with the first, and so on; what is left is taken for edited
// where there is as much of it on both sides at one depth. Each expression is in one pair.
[[nodiscard]] std::vector<IndexPair> match_expressions(const profile::Profile& before,
                                                       const LineRow& before_row,
                                                       const profile::Profile& after,
                                                       const LineRow& after_row);

}  // namespace lancehead::analyze
