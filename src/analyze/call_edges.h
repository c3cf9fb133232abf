// Who calls whom: for each function its own figures and those from each of its callers.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// As cProfile counts: what is called from within itself adds to `count` and `self`, not to the
// others.
struct CallFigures {
  std::uint64_t count = 0;
  std::uint64_t primitive = 0;
  double self = 0;   // ns
  double total = 0;  // ns, with callees
};

struct FunctionEdges {
  profile::FunctionId function;
  CallFigures figures;
  std::map<profile::FunctionId, CallFigures> callers;
};

struct CallEdges {
  bool is_exact = false;  // from counted calls; else from samples, whose numbers stand for calls
  std::vector<FunctionEdges> functions;  // by id
};

// From the recording's exact calls, or from the samples of the selection where it has none. Where
// the program named functions with `profile`, only what happened within these.
[[nodiscard]] CallEdges call_edges(const profile::Profile& profile, const Selection& selection);

}  // namespace lancehead::analyze
