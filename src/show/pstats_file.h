// A file that pstats.Stats, SnakeViz and other viewers of cProfile's results load: a marshalled
// dict,
// {(file, line, name): (primitive calls, calls, self s, total s, callers)}.
#pragma once

#include <string>

#include "analyze/call_edges.h"
#include "profile/profile.h"

namespace lancehead::show {

// The bytes of the file. Where the edges come from samples, a row without time says so by its name,
// and the numbers of calls are numbers of samples.
[[nodiscard]] std::string pstats_file(const profile::Profile& profile,
                                      const analyze::CallEdges& edges);

}  // namespace lancehead::show
