// A code object that is counted, and what its probes need to know of it.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/python_api.h"
#include "base/ids.h"
#include "code/flow_graph.h"

namespace lancehead::agent {

// What a probe looks an exception up in. Lives as long as the process.
struct CountedCode {
  Object* rewritten = nullptr;      // the code object that runs
  std::uint64_t record = 0;         // the number of its record in the share
  std::uint64_t* raised = nullptr;  // a counter for each instruction
  std::vector<std::uint32_t>
      instruction;                     // by unit of the rewritten code: as of raising_instruction()
  std::vector<code::BlockId> handler;  // by instruction

  static constexpr std::uint32_t kNone = code::FlowGraph::kNoInstruction;

  // The instruction at which an exception seen at this byte offset left the flow; kNone where it
  // did not come from there.
  [[nodiscard]] std::uint32_t raising_at(std::int64_t offset) const {
    const auto unit = static_cast<std::size_t>(offset / 2);
    return offset >= 0 && unit < instruction.size() ? instruction[unit] : kNone;
  }
};

}  // namespace lancehead::agent
