// Prints the exact counts of a recording as JSON, for the end-to-end tests:
// {"files": {FILE: [[FIRST_LINE, NAME, CALLS, {LINE: HITS}, {METRIC: {OFFSET: COUNT}}], …]}, …}
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "code/flow_record.h"
#include "code/instructions.h"
#include "code/line_events.h"
#include "code/opcodes.h"
#include "record/reader.h"

namespace lancehead {
namespace {

std::vector<std::uint8_t> as_bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

std::map<std::uint32_t, code::FlowRecord> records_of(const schema::Tables& tables) {
  std::map<std::uint32_t, code::FlowRecord> records;
  const auto& counts = tables.counts;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const auto name = tables.strings.text[tables.metrics.name[counts.metric[row].row()].row()];
    for (const code::FlowMetric metric : code::kFlowMetrics) {
      if (name == to_string(metric)) {
        records[counts.code[row].value][{metric, static_cast<std::uint32_t>(counts.offset[row])}] +=
            counts.value[row];
      }
    }
  }
  return records;
}

// {METRIC: {OFFSET: COUNT}}
nlohmann::json raw_of(const code::FlowRecord& record) {
  nlohmann::json raw = nlohmann::json::object();
  for (const auto& [key, value] : record) {
    raw[std::string(to_string(key.first))][std::to_string(key.second)] = value;
  }
  return raw;
}

nlohmann::json hits_of(const schema::Tables& tables, std::size_t row,
                       const code::FlowRecord& record) {
  const auto& codes = tables.codes;
  const auto version =
      code::PythonVersion::from_hex(tables.sessions.python_version[codes.session[row].row()]);
  const code::CodeText text{
      .version = version,
      .bytecode = code::deopt(*code::opcodes_of(version), as_bytes(codes.bytecode[row])).bytes,
      .line_table = as_bytes(codes.line_table[row]),
      .exception_table = as_bytes(codes.exception_table[row]),
      .first_line = codes.first_line[row]};
  const auto graph = code::FlowGraph::build(text);
  if (!graph) {
    return std::string(to_string(graph.error()));
  }
  const auto solution = code::from_record(*graph, record);
  const auto positions =
      code::decode_line_table(code::line_table_format(version), text.line_table, text.first_line,
                              static_cast<std::uint32_t>(text.bytecode.size()));
  nlohmann::json lines = nlohmann::json::object();
  for (const auto& [line, hits] : code::line_hits(*graph, positions, version, solution)) {
    lines[std::to_string(line)] = hits;
  }
  return nlohmann::json::array({codes.first_line[row],
                                std::string(tables.strings.text[codes.name[row].row()]),
                                solution.ways[0], lines, raw_of(record)});
}

int print(const std::string& path) {
  const auto recording = record::read(path);
  if (!recording) {
    std::cerr << recording.error().what << '\n';
    return 1;
  }
  const schema::Tables& tables = recording->tables;
  nlohmann::json files = nlohmann::json::object();
  for (const auto& [row, record] : records_of(tables)) {
    const auto source = tables.codes.source[row];
    const std::string file(tables.strings.text[tables.sources.path[source.row()].row()]);
    files[file].push_back(hits_of(tables, row, record));
  }
  nlohmann::json uncounted = nlohmann::json::array();
  for (std::size_t row = 0; row < tables.uncounted.size(); ++row) {
    uncounted.push_back({std::string(tables.strings.text[tables.uncounted.name[row].row()]),
                         std::string(tables.strings.text[tables.uncounted.reason[row].row()])});
  }
  std::cout << nlohmann::json{{"files", files}, {"uncounted", uncounted}}.dump(
                   -1, ' ', true, nlohmann::json::error_handler_t::replace)
            << '\n';
  return 0;
}

}  // namespace
}  // namespace lancehead

int main(int argc, char** argv) {
  return argc == 2 ? lancehead::print(argv[1]) : 2;
}
