// A file that line_profiler loads: a pickled LineStats, {(file, first line, name): [(line, hits,
// time)]}.
#pragma once

#include <string>

#include "analyze/selection.h"
#include "base/result.h"
#include "profile/profile.h"

namespace lancehead::show {

// The bytes of the file. Hits are exact; times are those of the selection, with callees, in
// nanoseconds. Errors: usage, where the recording has no exact counts.
[[nodiscard]] Result<std::string> lprof_file(const profile::Profile& profile,
                                             const analyze::Selection& selection);

}  // namespace lancehead::show
