// The flow of a counted code object, put together again from the recording.
#pragma once

#include <map>
#include <optional>

#include "code/flow_graph.h"
#include "code/flow_record.h"
#include "code/flow_solution.h"
#include "profile/profile.h"

namespace lancehead::analyze {

struct CountedFlow {
  code::PythonVersion version;
  code::FlowGraph graph;
  code::FlowSolution solution;
};

// What was counted of each code object.
[[nodiscard]] std::map<schema::CodeId, code::FlowRecord> flow_records(const schema::Tables& tables);

// Nothing where the recording's code is not what a compiler makes.
[[nodiscard]] std::optional<CountedFlow> counted_flow(const schema::Tables& tables,
                                                      schema::CodeId code,
                                                      const code::FlowRecord& record);

}  // namespace lancehead::analyze
