// The text of an expression as it stands in the source.
#pragma once

#include <string_view>

#include "profile/profile.h"

namespace lancehead::show {

// The part of it in its first line, not escaped; empty where the source or the columns are not
// kept. Columns come from a file and may point anywhere.
[[nodiscard]] std::string_view expression_text(const profile::Profile& profile,
                                               profile::FunctionId function,
                                               const profile::Position& range);

}  // namespace lancehead::show
