// Writes what agents counted of calls into the recording.
#pragma once

#include <span>

#include "agent/share_reader.h"
#include "base/clock.h"
#include "sense/capture_log.h"

namespace lancehead::sense {

// What the recording's metrics of calls are named, for those who read it.
inline constexpr const char* kCallCostMetrics[] = {"call cost, Python, inside",
                                                   "call cost, Python, outside",
                                                   "call cost, C, inside", "call cost, C, outside"};

// Once, at the end. `codes` has a row for each of the share's records; `process` and its threads
// are those of the process that was launched. `now` is when calls that have not returned are taken
// to end.
void write_calls(CaptureLog& log, const agent::ShareReader& share,
                 std::span<const schema::CodeId> codes, schema::ContextId process, Nanoseconds now);

}  // namespace lancehead::sense
