// From what was counted to how often each way was gone and each instruction was run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "code/flow_graph.h"
#include "code/probe_plan.h"

namespace lancehead::code {

// What counting saw of one code object.
struct FlowCounts {
  std::vector<std::uint64_t> probes;  // by probe of the plan
  // By instruction: exceptions that left the flow there, for its handler or for the outside.
  std::vector<std::uint64_t> raised;
};

// How often each way was gone. Exact, but for frames that were still running (or were torn
// down with their thread): these have entered blocks that they never left, so that a way can be
// off by one for each; what would be negative for that is 0.
struct FlowSolution {
  std::vector<std::uint64_t> ways;    // by way
  std::vector<std::uint64_t> raised;  // by instruction
};

[[nodiscard]] FlowSolution solve_flow(const FlowGraph& graph, const ProbePlan& plan,
                                      const FlowCounts& counts);

// How often each block was begun.
[[nodiscard]] std::vector<std::uint64_t> block_runs(const FlowGraph& graph,
                                                    const FlowSolution& solution);

// How often each instruction was begun.
[[nodiscard]] std::vector<std::uint64_t> instruction_runs(const FlowGraph& graph,
                                                          const FlowSolution& solution);

}  // namespace lancehead::code
