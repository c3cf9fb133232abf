// Time by thread.
#pragma once

#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct ThreadRow {
  const profile::Thread* thread = nullptr;  // nullptr: samples that name none
  TimeSplit split;
  std::size_t samples = 0;
};

// Threads with samples, by CPU time, largest first.
[[nodiscard]] std::vector<ThreadRow> threads(const profile::Profile& profile,
                                             const Selection& selection);

// CPU time of the whole recording, in ns, and where it went.
struct CpuTotal {
  double process = 0;  // as the kernel counted it, where the sessions ended well
  bool process_is_known = false;
  double python = 0;  // of samples
  double native = 0;  // of threads that Python does not know
  std::size_t native_threads = 0;

  // What neither samples nor native threads account for: before the interpreter was up, after its
  // end, and in children that were not observed.
  [[nodiscard]] double unseen() const;
};

[[nodiscard]] CpuTotal cpu_total(const profile::Profile& profile);

}  // namespace lancehead::analyze
