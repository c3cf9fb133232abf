#include "analyze/counted_flow.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "code/instructions.h"
#include "code/opcodes.h"

namespace lancehead::analyze {
namespace {

std::vector<std::uint8_t> as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::map<schema::MetricId, code::FlowMetric> flow_metrics(const schema::Tables& tables) {
  std::map<schema::MetricId, code::FlowMetric> metrics;
  for (std::size_t row = 0; row < tables.metrics.size(); ++row) {
    const schema::StringId name = tables.metrics.name[row];
    for (const code::FlowMetric metric : code::kFlowMetrics) {
      if (name && tables.strings.text[name.row()] == to_string(metric)) {
        metrics.emplace(schema::MetricId(row), metric);
      }
    }
  }
  return metrics;
}

}  // namespace

std::map<schema::CodeId, code::FlowRecord> flow_records(const schema::Tables& tables) {
  const auto metrics = flow_metrics(tables);
  std::map<schema::CodeId, code::FlowRecord> records;
  const auto& counts = tables.counts;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const auto metric = metrics.find(counts.metric[row]);
    if (metric != metrics.end() && counts.code[row] && counts.offset[row] >= 0) {
      records[counts.code[row]][{metric->second, static_cast<std::uint32_t>(counts.offset[row])}] +=
          counts.value[row];
    }
  }
  return records;
}

std::optional<CountedFlow> counted_flow(const schema::Tables& tables, schema::CodeId code,
                                        const code::FlowRecord& record) {
  const auto& codes = tables.codes;
  const schema::SessionId session = codes.session[code.row()];
  if (session.is_none()) {
    return std::nullopt;
  }
  const auto version =
      code::PythonVersion::from_hex(tables.sessions.python_version[session.row()]);
  const code::OpcodeTable* opcodes = code::opcodes_of(version);
  if (opcodes == nullptr) {
    return std::nullopt;
  }
  auto graph = code::FlowGraph::build(
      {.version = version,
       .bytecode = code::deopt(*opcodes, as_bytes(codes.bytecode[code.row()])).bytes,
       .line_table = as_bytes(codes.line_table[code.row()]),
       .exception_table = as_bytes(codes.exception_table[code.row()]),
       .first_line = codes.first_line[code.row()]});
  if (!graph) {
    return std::nullopt;
  }
  code::FlowSolution solution = code::from_record(*graph, record);
  return CountedFlow{version, std::move(*graph), std::move(solution)};
}

}  // namespace lancehead::analyze
