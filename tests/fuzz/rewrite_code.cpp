// Puts counters into hostile code objects, and works counts out again: it must cost neither a crash
// nor unbounded time, and what is rewritten must still be code.
//
// An input: a byte for the version (3.8 and on), a byte each for how many of the rest belong to the
// line table and to the exception table, in 256ths; then bytecode, line table and exception table.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "code/flow_graph.h"
#include "code/flow_record.h"
#include "code/flow_solution.h"
#include "code/line_events.h"
#include "code/line_table.h"
#include "code/probe_plan.h"
#include "code/rewrite.h"

namespace lancehead::code {
namespace {

constexpr std::size_t kHead = 3;
constexpr std::size_t kMost = 1U << 14U;
constexpr std::uint32_t kConstants = 5;
constexpr std::uint32_t kStack = 7;
constexpr unsigned kVersions = 8;

CodeText text_of(const std::uint8_t* data, std::size_t size) {
  const std::size_t rest = size - kHead;
  const std::size_t lines = rest * data[1] / 512;
  const std::size_t guards = rest * data[2] / 512;
  const std::uint8_t* const code = data + kHead;
  const std::size_t bytes = (rest - lines - guards) / 2 * 2;
  return {.version = {.major = 3,
                      .minor = static_cast<std::uint8_t>(8 + data[0] % kVersions),
                      .level = 0xF},
          .bytecode = {code, code + bytes},
          .line_table = {code + bytes, code + bytes + lines},
          .exception_table = {code + bytes + lines, code + bytes + lines + guards},
          .first_line = 1};
}

void run(const CodeText& text) {
  const auto graph = FlowGraph::build(text);
  if (!graph) {
    return;
  }
  const ProbePlan plan = plan_probes(*graph, text.version);
  for (const CallProbing calls : {CallProbing::none, CallProbing::calls}) {
    const auto rewritten = rewrite(text, *graph, plan, kConstants, kStack, calls);
    if (rewritten && rewritten->origin.size() * 2 != rewritten->bytecode.size()) {
      std::abort();
    }
  }
  FlowCounts counts{.probes = std::vector<std::uint64_t>(plan.probes.size(), 3),
                    .raised = std::vector<std::uint64_t>(graph->instructions().size(), 1)};
  const FlowSolution solution = solve_flow(*graph, plan, counts);
  (void)from_record(*graph, to_record(*graph, solution));
  const PositionTable positions =
      decode_line_table(line_table_format(text.version), text.line_table, text.first_line,
                        static_cast<std::uint32_t>(text.bytecode.size()));
  (void)line_hits(*graph, positions, text.version, solution);
}

}  // namespace
}  // namespace lancehead::code

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lancehead::code;
  if (size > kHead && size < kMost) {
    run(text_of(data, size));
  }
  return 0;
}
