#include "analyze/hits.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>

#include "code/flow_record.h"
#include "code/instructions.h"
#include "code/line_events.h"
#include "code/opcodes.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

std::vector<std::uint8_t> as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::optional<code::FlowMetric> metric_of(const Profile& profile, schema::MetricId id) {
  const std::string_view name = profile.text(profile.tables().metrics.name[id.row()]);
  const auto* const found = std::ranges::find_if(
      code::kFlowMetrics, [&](code::FlowMetric metric) { return to_string(metric) == name; });
  return found == code::kFlowMetrics.end() ? std::nullopt : std::optional(*found);
}

// By row of `codes`.
std::map<std::uint32_t, code::FlowRecord> flow_records(const Profile& profile) {
  std::map<std::uint32_t, code::FlowRecord> records;
  const auto& counts = profile.tables().counts;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    if (counts.code[row].is_none() || counts.metric[row].is_none()) {
      continue;
    }
    if (const auto metric = metric_of(profile, counts.metric[row])) {
      records[counts.code[row].value][{*metric, static_cast<std::uint32_t>(counts.offset[row])}] +=
          counts.value[row];
    }
  }
  return records;
}

void add_code(const Profile& profile, std::size_t row, const code::FlowRecord& record,
              FunctionHits& hits) {
  const auto& codes = profile.tables().codes;
  if (codes.session[row].is_none()) {
    return;
  }
  const auto version = code::PythonVersion::from_hex(
      profile.tables().sessions.python_version[codes.session[row].row()]);
  const code::OpcodeTable* opcodes = code::opcodes_of(version);
  if (opcodes == nullptr) {
    return;
  }
  const code::CodeText text{.version = version,
                            .bytecode = code::deopt(*opcodes, as_bytes(codes.bytecode[row])).bytes,
                            .line_table = as_bytes(codes.line_table[row]),
                            .exception_table = as_bytes(codes.exception_table[row]),
                            .first_line = codes.first_line[row]};
  const auto graph = code::FlowGraph::build(text);
  if (!graph) {
    return;
  }
  const auto solution = code::from_record(*graph, record);
  const auto positions =
      code::decode_line_table(code::line_table_format(version), text.line_table, text.first_line,
                              static_cast<std::uint32_t>(text.bytecode.size()));
  for (const auto& [line, count] : code::line_hits(*graph, positions, version, solution)) {
    hits.lines[line] += count;
  }
  hits.calls += solution.ways.empty() ? 0 : solution.ways[0];
}

}  // namespace

std::set<FunctionId> chosen_functions(const Profile& profile) {
  std::set<FunctionId> functions;
  for (const schema::CodeId code : profile.tables().chosen.code) {
    if (!code.is_none()) {
      functions.insert(profile.function_of(code));
    }
  }
  return functions;
}

std::vector<FunctionHits> function_hits(const Profile& profile) {
  const std::set<FunctionId> chosen = chosen_functions(profile);
  std::map<FunctionId, FunctionHits> by_function;
  for (const auto& [row, record] : flow_records(profile)) {
    const FunctionId function = profile.function_of(schema::CodeId(row));
    if (!function.is_none() && (chosen.empty() || chosen.contains(function))) {
      add_code(profile, row, record, by_function[function]);
    }
  }
  std::vector<FunctionHits> all;
  for (auto& [function, hits] : by_function) {
    hits.function = function;
    all.push_back(std::move(hits));
  }
  std::ranges::stable_sort(all, {}, [&](const FunctionHits& hits) {
    const profile::Function& function = profile.function(hits.function);
    return std::tuple(function.file, function.first_line);
  });
  return all;
}

}  // namespace lancehead::analyze
