// Shows the threads of a recording to the end-to-end tests, one JSON object a line:
//
//     read_threads RECORDING
//
// {"kind": "thread", "os_id": 1, "names": ["first", "next"], "ended": true, "samples": 2,
//  "functions": ["of the samples' leaves"]}. What is not UTF-8 is replaced.
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "record/reader.h"

namespace {

using lancehead::schema::ContextChange;
using lancehead::schema::ContextKind;
using lancehead::schema::Tables;

struct Thread {
  std::vector<std::string> names;
  bool ended = false;
  std::size_t samples = 0;
  std::set<std::string> functions;
};

void take_events(const Tables& tables, std::vector<Thread>& threads) {
  const auto& events = tables.context_events;
  for (std::size_t i = 0; i < events.size(); ++i) {
    Thread& thread = threads.at(events.context[i].row());
    if (events.change[i] == ContextChange::named) {
      thread.names.emplace_back(tables.strings.text[events.name[i].row()]);
    } else if (events.change[i] == ContextChange::ended) {
      thread.ended = true;
    }
  }
}

void take_samples(const Tables& tables, std::vector<Thread>& threads) {
  const auto& samples = tables.samples;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Thread& thread = threads.at(samples.context[i].row());
    ++thread.samples;
    if (!samples.stack[i].is_none()) {
      const auto frame = tables.stacks.frame[samples.stack[i].row()];
      const auto code = tables.frames.code[frame.row()];
      thread.functions.emplace(tables.strings.text[tables.codes.name[code.row()].row()]);
    }
  }
}

void print(const Tables& tables, const std::vector<Thread>& threads) {
  for (std::size_t row = 0; row < threads.size(); ++row) {
    const ContextKind kind = tables.contexts.kind[row];
    const nlohmann::json shown = {
        {"kind", std::string(to_string(kind))}, {"os_id", tables.contexts.os_id[row]},
        {"names", threads[row].names},          {"ended", threads[row].ended},
        {"samples", threads[row].samples},      {"functions", threads[row].functions},
    };
    std::cout << shown.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "read_threads needs the path of a recording.\n";
    return 2;
  }
  const auto recording = lancehead::record::read(arguments[1]);
  if (!recording) {
    std::cerr << recording.error().what << '\n';
    return 1;
  }
  const Tables& tables = recording->tables;
  std::vector<Thread> threads(tables.contexts.size());
  take_events(tables, threads);
  take_samples(tables, threads);
  print(tables, threads);
  return 0;
}
