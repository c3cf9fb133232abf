// The counts of one code object as a recording keeps them: independent of where probes stood.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "code/flow_graph.h"
#include "code/flow_solution.h"

namespace lancehead::code {

// What the number at an offset counts.
enum class FlowMetric : std::uint8_t {
  runs,     // how often the stretch that begins at the offset was begun
  jumps,    // how often the branch at the offset was taken
  resumes,  // how often control came behind the offset, where it may also not (yield, rethrow)
  raises,   // how often an exception left the flow at the offset
  ends,     // frames that were at the offset when their process ended
  begins,   // copies of frames that were there when their process was forked
};

inline constexpr std::array kFlowMetrics = {FlowMetric::runs,    FlowMetric::jumps,
                                            FlowMetric::resumes, FlowMetric::raises,
                                            FlowMetric::ends,    FlowMetric::begins};

// Their names in the table of metrics.
[[nodiscard]] constexpr std::string_view to_string(FlowMetric metric) {
  constexpr std::array<std::string_view, kFlowMetrics.size()> kNames = {
      "runs", "jumps", "resumes", "raises", "ends", "begins"};
  return kNames[static_cast<std::size_t>(metric)];
}

// Counts by metric and byte offset; what is not there is 0.
using FlowRecord = std::map<std::pair<FlowMetric, std::uint32_t>, std::uint64_t>;

[[nodiscard]] FlowRecord to_record(const FlowGraph& graph, const FlowSolution& solution);

// The other way round. Offsets that mean nothing in this graph are passed over.
[[nodiscard]] FlowSolution from_record(const FlowGraph& graph, const FlowRecord& record);

}  // namespace lancehead::code
