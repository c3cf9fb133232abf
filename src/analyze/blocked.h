// Where threads are blocked, and in which system call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyze/gil.h"
#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct BlockedRow {
  std::string system_call;  // its name; "unknown" where it was not read
  LinePlace place;
  double time = 0;  // ns
};

// By time, largest first.
[[nodiscard]] std::vector<BlockedRow> blocked(const profile::Profile& profile,
                                              const Selection& selection);

// The name of the system call on the kind of machine that this was built for; "call 451" for a
// number without a name.
[[nodiscard]] std::string system_call_name(std::int32_t number);

}  // namespace lancehead::analyze
