// The flow of functions: walked at random, so that the truth is known, and worked out from
// counters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "code/flow_graph.h"
#include "code/flow_record.h"
#include "code/flow_solution.h"
#include "code/opcodes.h"
#include "code/probe_plan.h"
#include "compiled_functions.h"

namespace lancehead::code {
namespace {

using testing::Each;

std::string name_of(const testing::TestParamInfo<CompiledFunction>& info) {
  const PythonVersion version = PythonVersion::from_hex(info.param.hex_version);
  return std::string(info.param.name) + "_3_" + std::to_string(version.minor);
}

// One frame after the other, as an interpreter would run them.
class Walker {
 public:
  explicit Walker(const FlowGraph& graph) : graph_(graph) {
    truth.ways.resize(graph.ways().size());
    for (auto* column : {&truth.raised, &truth.ended, &truth.begun}) {
      column->resize(graph.instructions().size());
    }
  }

  void run_frame() {
    go(WayKind::enter, BlockId(0));
    BlockId at(0);
    for (int steps = 0; at && steps < 200; ++steps) {
      at = run_block(at);
    }
    if (at) {
      ++truth.ended[graph_.block(at).first];  // cut off
    }
  }

  FlowSolution truth;

 private:
  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }

  void go(WayKind kind, BlockId to) {
    for (std::size_t row = 0; row < graph_.ways().size(); ++row) {
      const Way& way = graph_.ways()[row];
      if (way.kind == kind && way.to == to && !way.from) {
        ++truth.ways[row];
        return;
      }
    }
    FAIL() << "there is no such way";
  }

  BlockId passed_on(std::uint32_t instruction) {
    const BlockId handler = graph_.handler_of(instruction);
    if (handler) {
      go(WayKind::rethrow, handler);
    }
    return handler;
  }

  BlockId run_block(BlockId id) {
    const FlowBlock& block = graph_.block(id);
    for (std::uint32_t i = block.first; i <= block.last; ++i) {
      if (graph_.raising_instruction(i) == i && chance(0.02)) {
        ++truth.raised[i];
        return graph_.handler_of(i);
      }
    }
    return leave_block(id, block.last);
  }

  BlockId leave_block(BlockId id, std::uint32_t last) {
    std::vector<std::size_t> ways;
    for (std::size_t row = 0; row < graph_.ways().size(); ++row) {
      if (graph_.ways()[row].from == id) {
        ways.push_back(row);
      }
    }
    const std::size_t row = ways[random_() % ways.size()];
    ++truth.ways[row];
    const Way& way = graph_.ways()[row];
    const Flow flow = graph_.flow(last).flow;
    if (flow == Flow::raise || (flow == Flow::may_reraise && way.kind == WayKind::lose)) {
      return passed_on(last);
    }
    return way.to;
  }

  const FlowGraph& graph_;
  std::mt19937 random_{20'241};
};

class Flow_ : public testing::TestWithParam<CompiledFunction> {
 protected:
  Flow_() : text(text_of(GetParam())), graph(*FlowGraph::build(text)) {}

  [[nodiscard]] FlowCounts counted(const ProbePlan& plan, const FlowSolution& truth) const {
    FlowCounts counts{.raised = truth.raised, .ended = truth.ended, .begun = truth.begun};
    for (const Probe& probe : plan.probes) {
      counts.probes.push_back(probe.way ? truth.ways[probe.way.row()] : 0);
    }
    return counts;
  }

  CodeText text;
  FlowGraph graph;
};

TEST_P(Flow_, FollowsFromItsProbes) {
  const ProbePlan plan = plan_probes(graph, text.version);
  Walker walker(graph);
  for (int frame = 0; frame < 500; ++frame) {
    walker.run_frame();
  }
  const FlowSolution solution = solve_flow(graph, plan, counted(plan, walker.truth));
  EXPECT_EQ(solution.ways, walker.truth.ways);
}

TEST_P(Flow_, SurvivesTheRecording) {
  const ProbePlan plan = plan_probes(graph, text.version);
  Walker walker(graph);
  for (int frame = 0; frame < 500; ++frame) {
    walker.run_frame();
  }
  const FlowSolution solution = solve_flow(graph, plan, counted(plan, walker.truth));
  const FlowSolution again = from_record(graph, to_record(graph, solution));
  EXPECT_EQ(instruction_runs(graph, again), instruction_runs(graph, solution));
  EXPECT_EQ(again.ways, solution.ways);
}

TEST_P(Flow_, HasFewerProbesThanWays) {
  const ProbePlan plan = plan_probes(graph, text.version);
  const auto counters =
      std::ranges::count_if(plan.probes, [](const Probe& probe) { return !probe.way.is_none(); });
  EXPECT_LT(static_cast<std::size_t>(counters), graph.ways().size());
  // Of the ways out of a block at most one is not counted.
  std::vector<int> uncounted(graph.blocks().size());
  for (std::size_t row = 0; row < graph.ways().size(); ++row) {
    if (plan.in_tree[row]) {
      ASSERT_TRUE(graph.ways()[row].from);
      ++uncounted[graph.ways()[row].from.row()];
    }
  }
  EXPECT_THAT(uncounted, Each(testing::Le(1)));
}

TEST_P(Flow_, OfACutOffFrameIsNeverTakenBack) {
  // A frame that is cut off unseen goes on, as far as its counters tell; it does not vanish.
  const ProbePlan plan = plan_probes(graph, text.version);
  FlowCounts counts;
  counts.probes.resize(plan.probes.size());
  for (std::size_t i = 0; i < plan.probes.size(); ++i) {
    const WayId way = plan.probes[i].way;
    counts.probes[i] = way && graph.ways()[way.row()].kind == WayKind::enter ? 1 : 0;
  }
  const FlowSolution solution = solve_flow(graph, plan, counts);
  EXPECT_EQ(block_runs(graph, solution)[0], 1U);
}

INSTANTIATE_TEST_SUITE_P(Compiled, Flow_, testing::ValuesIn(kCompiledFunctions), name_of);

// Only the end of an await is counted: the loop in which it waits runs for each frame between it
// and what it waits for.
TEST_P(Flow_, AnAwaitIsOneStretch) {
  const OpcodeTable& opcodes = *opcodes_of(text.version);
  const ProbePlan plan = plan_probes(graph, text.version);
  for (std::uint32_t i = 0; i < graph.instructions().size(); ++i) {
    if (opcodes[graph.instructions()[i].base].name != "SEND") {
      continue;
    }
    const FlowBlock& block = graph.block(graph.block_of(i));
    EXPECT_EQ(opcodes[graph.instructions()[block.last].base].name, "JUMP_BACKWARD_NO_INTERRUPT");
    EXPECT_EQ(graph.flow(block.last).flow, Flow::suspend);
    const std::uint32_t done = graph.instruction_at(*jump_target(opcodes, graph.instructions()[i]));
    EXPECT_EQ(block.loops, graph.block(graph.block_of(done)).loops);
  }
  for (const Probe& probe : plan.probes) {
    if (probe.place == ProbePlace::on_return) {
      EXPECT_EQ(graph.ways()[probe.way.row()].kind, WayKind::resume);
    }
  }
}

TEST(FlowGraph, RefusesWhatNoCompilerWrites) {
  CodeText text{.version = PythonVersion{3, 13, 0, 0xF, 0}};
  EXPECT_EQ(FlowGraph::build(text).error(), FlowFault::unknown_opcode);  // nothing at all
  text.bytecode = {255, 0};
  EXPECT_EQ(FlowGraph::build(text).error(), FlowFault::unknown_opcode);
  text = text_of(kCompiledFunctions[0]);
  text.exception_table = {0x80};
  EXPECT_FALSE(FlowGraph::build(text).has_value());
}

TEST(FlowGraph, SurvivesDamagedCode) {
  std::mt19937 random(7);
  for (const CompiledFunction& function : kCompiledFunctions) {
    for (int round = 0; round < 300; ++round) {
      CodeText text = text_of(function);
      for (int change = 0; change < 3; ++change) {
        text.bytecode[random() % text.bytecode.size()] = static_cast<std::uint8_t>(random());
        if (!text.exception_table.empty()) {
          text.exception_table[random() % text.exception_table.size()] =
              static_cast<std::uint8_t>(random());
        }
      }
      const auto graph = FlowGraph::build(text);
      if (!graph) {
        continue;
      }
      const ProbePlan plan = plan_probes(*graph, text.version);
      const FlowSolution solution =
          solve_flow(*graph, plan, {.probes = std::vector<std::uint64_t>(plan.probes.size(), 1)});
      EXPECT_EQ(solution.ways.size(), graph->ways().size());
    }
  }
}

}  // namespace
}  // namespace lancehead::code
