// The loop around a place in the source.
#pragma once

#include <cstdint>
#include <optional>

#include "profile/profile.h"

namespace lancehead::analyze {

// The line of the header of the innermost loop that the frame stands in, found by indentation;
// nothing where it is in none or the source is not in the recording.
[[nodiscard]] std::optional<std::uint32_t> enclosing_loop(const profile::Profile& profile,
                                                          schema::FrameId frame);

}  // namespace lancehead::analyze
