// Where on the stack a call instruction finds what it calls, if that can be told from the bytecode.
#pragma once

#include <cstdint>
#include <vector>

#include "code/flow_graph.h"

namespace lancehead::code {

[[nodiscard]] constexpr bool can_find_callees(PythonVersion version) {
  return version.at_least(12);
}

// By instruction: how deep the callee lies, from 1; 0 for what is no call, or not known.
[[nodiscard]] std::vector<std::uint32_t> callee_depths(const FlowGraph& graph,
                                                       PythonVersion version);

}  // namespace lancehead::code
