// Which line waits for the GIL, and which line holds it meanwhile.
#pragma once

#include <cstdint>
#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct LinePlace {
  profile::FunctionId function;  // none: the holder was not looked at in that moment
  std::uint32_t line = 0;

  auto operator<=>(const LinePlace&) const = default;
};

struct HolderRow {
  LinePlace place;
  double time = 0;  // ns of waiting that went by meanwhile
};

struct GilWait {
  LinePlace place;
  double time = 0;                 // ns
  std::vector<HolderRow> holders;  // largest first; their times add up to `time`
};

// By time, largest first. The holder's line is that of its sample of the same moment.
[[nodiscard]] std::vector<GilWait> gil_waits(const profile::Profile& profile,
                                             const Selection& selection);

}  // namespace lancehead::analyze
