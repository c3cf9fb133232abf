// Which ways of a flow graph to count, so that few counters tell all.
//
// Counters stand on the ways that are not in a spanning tree of the graph (Knuth and Stevenson
// 1973; Ball and Larus 1994); the tree is a heavy one, so that what loops often is counted as
// seldom as can be. The counts of the tree's ways follow from what enters and leaves each block.
//
// All ways of the tree lead towards the outside: of the ways out of a block at most one is not
// counted, and follows from those into it. So a frame that never came to its end (its process was
// killed) seems to have gone on; the other way round it would seem never to have begun. A block
// without a way in the tree is one that need not ever be left.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "code/flow_graph.h"

namespace lancehead::code {

enum class ProbePlace : std::uint8_t {
  at_head,     // behind the prefix of the way's block of arrival, for every arrival
  at_end,      // at the end of its block of departure, before the jump if there is one
  on_fall,     // in front of the block of arrival, where jumps do not pass
  on_return,   // behind the prefix of the block of arrival, where other jumps do not pass
  on_jump,     // in a piece of code of its own that the jump passes through
  on_handler,  // where the handler begins; also tells which exceptions arrive
  on_escape,   // where exceptions arrive that nothing catches (3.11 and later)
};

// Each probe has one counter: of its way; of on_handler, of the rethrown exceptions; none counts
// for on_escape.
struct Probe {
  ProbePlace place = ProbePlace::at_head;
  WayId way;      // none for on_escape
  BlockId block;  // the handler, the block of arrival or of departure
};

struct ProbePlan {
  std::vector<Probe> probes;
  std::vector<bool> in_tree;  // by way
};

[[nodiscard]] ProbePlan plan_probes(const FlowGraph& graph, PythonVersion version);

}  // namespace lancehead::code
