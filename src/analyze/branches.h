// The branches and calls in the bytecode of a counted code object, as places of the source.
#pragma once

#include <vector>

#include "analyze/counted_flow.h"
#include "analyze/hits.h"
#include "profile/position.h"

namespace lancehead::analyze {

// Those that a person wrote: not what the compiler adds to `with` and `assert`.
[[nodiscard]] std::vector<Branch> find_branches(const CountedFlow& flow, schema::CodeId code,
                                                profile::PositionResolver& positions);

[[nodiscard]] std::vector<CallSite> find_call_sites(const CountedFlow& flow, schema::CodeId code,
                                                    profile::PositionResolver& positions);

}  // namespace lancehead::analyze
