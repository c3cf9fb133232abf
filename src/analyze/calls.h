// Every call: functions, and who called them how often.
//
// Numbers are exact. Times were measured; what looking at each call cost, as it was measured on the
// spot, is taken off in the corrected ones.
#pragma once

#include <cstdint>
#include <vector>

#include "profile/profile.h"

namespace lancehead::analyze {

// What looking at one call costs, in ns: within the time that is measured for it, and beside it, in
// that of its caller.
struct CallCost {
  double inside = 0;
  double outside = 0;

  [[nodiscard]] double whole() const { return inside + outside; }
};

struct CallSums {
  std::uint64_t calls = 0;
  std::uint64_t primitive = 0;  // not from within itself: of an edge, not from within the same edge
  double self = 0;              // ns, as measured, as all of these
  double total = 0;             // with callees; time within itself counts once
  double self_corrected = 0;
  double total_corrected = 0;
};

struct CalledFunction {
  profile::FunctionId function;
  CallSums sums;
};

struct CallEdge {
  profile::FunctionId caller;  // none where no Python code called it
  profile::FunctionId callee;
  CallSums sums;
};

struct Calls {
  std::vector<CalledFunction> functions;  // by function
  std::vector<CallEdge> edges;            // by callee, then caller
  std::uint64_t calls = 0;
  std::uint64_t primitive = 0;
  double time = 0;  // of all calls that nothing called, as measured
  double time_corrected = 0;
  CallCost python, native;
  std::uint64_t lost = 0;     // calls that there was no room for, which are in nothing above
  std::uint64_t dropped = 0;  // calls whose end was not seen, and was taken to be at the next event
  std::uint64_t unmatched = 0;       // ends of calls that had begun unseen
  bool by_profile_function = false;  // seen by the interpreter's profile function
};

[[nodiscard]] bool has_calls(const profile::Profile& profile);
[[nodiscard]] Calls calls(const profile::Profile& profile);

}  // namespace lancehead::analyze
