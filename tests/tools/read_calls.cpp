// Prints the calls of a recording as JSON, for the end-to-end tests. Functions are as pstats has
// them:
// {"functions": [[FILE, LINE, NAME], …], "stacks": [[PARENT, FUNCTION], …],
//  "calls": [[CONTEXT, CALLER'S STACK, FUNCTION, COUNT, PRIMITIVE, TOTAL, SELF], …],
//  "contexts": [[KIND, PARENT, OS_ID], …], "metrics": {NAME: VALUE}}, with -1 for none.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "record/reader.h"

namespace lancehead {
namespace {

using Json = nlohmann::json;

template <typename Id>
Json number(Id id) {
  return id.is_none() ? Json(-1) : Json(id.value);
}

std::string text(const schema::Tables& tables, schema::StringId id) {
  return id.is_none() ? std::string() : std::string(tables.strings.text[id.row()]);
}

Json functions(const schema::Tables& tables) {
  const auto& codes = tables.codes;
  Json rows = Json::array();
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const bool has_file = !codes.source[row].is_none();
    rows.push_back({has_file ? text(tables, tables.sources.path[codes.source[row].row()]) : "~",
                    codes.first_line[row], text(tables, codes.name[row])});
  }
  return rows;
}

Json stacks(const schema::Tables& tables) {
  Json rows = Json::array();
  for (std::size_t row = 0; row < tables.stacks.size(); ++row) {
    const schema::FrameId frame = tables.stacks.frame[row];
    rows.push_back({number(tables.stacks.parent[row]),
                    frame.is_none() ? Json(-1) : number(tables.frames.code[frame.row()])});
  }
  return rows;
}

Json calls(const schema::Tables& tables) {
  const auto& from = tables.calls;
  Json rows = Json::array();
  for (std::size_t row = 0; row < from.size(); ++row) {
    rows.push_back({number(from.context[row]), number(from.caller[row]), number(from.callee[row]),
                    from.count[row], from.primitive[row], from.total[row], from.self[row]});
  }
  return rows;
}

Json contexts(const schema::Tables& tables) {
  Json rows = Json::array();
  for (std::size_t row = 0; row < tables.contexts.size(); ++row) {
    rows.push_back({std::string(schema::to_string(tables.contexts.kind[row])),
                    number(tables.contexts.parent[row]), tables.contexts.os_id[row]});
  }
  return rows;
}

Json metrics(const schema::Tables& tables) {
  Json values = Json::object();
  const auto& samples = tables.counter_samples;
  for (std::size_t row = 0; row < samples.size(); ++row) {
    values[text(tables, tables.metrics.name[samples.metric[row].row()])] = samples.value[row];
  }
  return values;
}

int print(const std::string& path) {
  const auto recording = record::read(path);
  if (!recording) {
    std::cerr << recording.error().what << '\n';
    return 1;
  }
  const schema::Tables& tables = recording->tables;
  std::cout << Json{{"functions", functions(tables)},
                    {"stacks", stacks(tables)},
                    {"calls", calls(tables)},
                    {"contexts", contexts(tables)},
                    {"metrics", metrics(tables)}}
                   .dump(-1, ' ', true, Json::error_handler_t::replace)
            << '\n';
  return 0;
}

}  // namespace
}  // namespace lancehead

int main(int argc, char** argv) {
  return argc == 2 ? lancehead::print(argv[1]) : 2;
}
