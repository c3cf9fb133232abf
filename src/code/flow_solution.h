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
  // By instruction: frames that were there when their process ended, and copies of frames that were
  // there when a process was forked. Empty where there are none.
  std::vector<std::uint64_t> ended, begun;
};

// How often each way was gone. Exact, but for frames that were cut off unseen: these seem to have
// gone on, up to the next way that is counted. What would be negative for that is 0.
struct FlowSolution {
  std::vector<std::uint64_t> ways;                  // by way
  std::vector<std::uint64_t> raised, ended, begun;  // by instruction
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
