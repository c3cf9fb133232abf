// How often a line was begun, as sys.settrace would have told it: one 'line' event each time.
//
// When the interpreter sends one depends on the instruction that ran before in the same frame, by
// rules that changed with 3.10, 3.11 and 3.12; tests/oracles/counts/LINE_EVENTS.md has them. Each
// is a statement about a step from one instruction to the next, and how often each step was made
// follows from the flow.
#pragma once

#include <cstdint>
#include <map>

#include "code/flow_graph.h"
#include "code/flow_solution.h"
#include "code/line_table.h"

namespace lancehead::code {

// By line. Lines that have instructions but were never begun are there with 0.
using LineHits = std::map<std::uint32_t, std::uint64_t>;

[[nodiscard]] LineHits line_hits(const FlowGraph& graph, const PositionTable& positions,
                                 PythonVersion version, const FlowSolution& solution);

}  // namespace lancehead::code
