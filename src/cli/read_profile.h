// The profile of a recording, with what stands beside it while it grows.
#pragma once

#include <string>

#include "base/result.h"
#include "profile/profile.h"

namespace lancehead::cli {

// Where exact counts are not in the recording yet, because its recorder goes on or was killed, they
// are those that the program has shared up to now.
[[nodiscard]] Result<profile::Profile> read_profile(const std::string& path);

}  // namespace lancehead::cli
