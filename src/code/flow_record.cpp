#include "code/flow_record.h"

#include <algorithm>

namespace lancehead::code {
namespace {

std::uint64_t get(const FlowRecord& record, FlowMetric metric, std::uint32_t offset) {
  const auto found = record.find({metric, offset});
  return found == record.end() ? 0 : found->second;
}

}  // namespace

FlowRecord to_record(const FlowGraph& graph, const FlowSolution& solution) {
  FlowRecord record;
  const auto offset_of = [&](std::uint32_t i) { return graph.instructions()[i].offset; };
  const std::vector<std::uint64_t> runs = block_runs(graph, solution);
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (runs[row] != 0 || row == 0) {
      record[{FlowMetric::runs, offset_of(graph.blocks()[row].first)}] = runs[row];
    }
  }
  for (std::size_t row = 0; row < graph.ways().size(); ++row) {
    const Way& way = graph.ways()[row];
    if (!way.from || solution.ways[row] == 0) {
      continue;
    }
    const std::uint32_t last = graph.block(way.from).last;
    const Flow flow = graph.flow(last).flow;
    if (flow == Flow::branch && way.kind == WayKind::jump) {
      record[{FlowMetric::jumps, offset_of(last)}] = solution.ways[row];
    } else if ((flow == Flow::suspend || flow == Flow::may_reraise) && way.kind != WayKind::lose) {
      record[{FlowMetric::resumes, offset_of(last)}] = solution.ways[row];
    }
  }
  const auto put = [&](FlowMetric metric, const std::vector<std::uint64_t>& column) {
    for (std::uint32_t i = 0; i < column.size(); ++i) {
      if (column[i] != 0) {
        record[{metric, offset_of(i)}] = column[i];
      }
    }
  };
  put(FlowMetric::raises, solution.raised);
  put(FlowMetric::ends, solution.ended);
  put(FlowMetric::begins, solution.begun);
  return record;
}

FlowSolution from_record(const FlowGraph& graph, const FlowRecord& record) {
  FlowSolution solution;
  solution.ways.resize(graph.ways().size());
  const auto offset_of = [&](std::uint32_t i) { return graph.instructions()[i].offset; };
  for (std::uint32_t i = 0; i < graph.instructions().size(); ++i) {
    solution.raised.push_back(get(record, FlowMetric::raises, offset_of(i)));
    solution.ended.push_back(get(record, FlowMetric::ends, offset_of(i)));
    solution.begun.push_back(get(record, FlowMetric::begins, offset_of(i)));
  }
  std::vector<std::uint64_t> arrived(graph.blocks().size());  // by ways of the graph
  for (std::size_t row = 0; row < graph.ways().size(); ++row) {
    const Way& way = graph.ways()[row];
    if (!way.from) {
      continue;  // what came from the outside is what is left over
    }
    const FlowBlock& block = graph.block(way.from);
    const std::uint32_t last = offset_of(block.last);
    std::uint64_t left = get(record, FlowMetric::runs, offset_of(block.first));
    for (std::uint32_t i = block.first; i <= block.last; ++i) {
      left += solution.begun[i];
      left -= std::min(left, solution.raised[i] + solution.ended[i]);
    }
    const std::uint64_t jumps = std::min(left, get(record, FlowMetric::jumps, last));
    const std::uint64_t resumes = std::min(left, get(record, FlowMetric::resumes, last));
    std::uint64_t& gone = solution.ways[row];
    switch (graph.flow(block.last).flow) {
      case Flow::branch: gone = way.kind == WayKind::jump ? jumps : left - jumps; break;
      case Flow::suspend:
      case Flow::may_reraise: gone = way.kind == WayKind::lose ? left - resumes : resumes; break;
      default: gone = left; break;
    }
    if (way.to) {
      arrived[way.to.row()] += gone;
    }
  }
  for (std::uint32_t i = 0; i < solution.raised.size(); ++i) {
    if (const BlockId handler = graph.handler_of(i)) {
      arrived[handler.row()] += solution.raised[i];
    }
  }
  for (std::size_t row = 0; row < graph.ways().size(); ++row) {
    const Way& way = graph.ways()[row];
    if (!way.from && way.to) {
      const std::uint64_t runs =
          get(record, FlowMetric::runs, offset_of(graph.block(way.to).first));
      std::uint64_t& known = arrived[way.to.row()];
      solution.ways[row] = runs - std::min(runs, known);
      known += solution.ways[row];
    }
  }
  return solution;
}

}  // namespace lancehead::code
