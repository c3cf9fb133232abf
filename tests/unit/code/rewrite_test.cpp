#include "code/rewrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "code/line_table.h"
#include "code/opcodes.h"
#include "compiled_functions.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kConstants = 5;
constexpr std::uint32_t kStack = 10;

std::string name_of(const testing::TestParamInfo<CompiledFunction>& info) {
  const PythonVersion version = PythonVersion::from_hex(info.param.hex_version);
  return std::string(info.param.name) + "_3_" + std::to_string(version.minor);
}

class Rewrite : public testing::TestWithParam<CompiledFunction> {
 protected:
  Rewrite()
      : text(text_of(GetParam())),
        graph(*FlowGraph::build(text)),
        plan(plan_probes(graph, text.version)),
        rewritten(*rewrite(text, graph, plan, kConstants, kStack)),
        opcodes(*opcodes_of(text.version)) {}

  [[nodiscard]] static PositionTable lines(const CodeText& code) {
    return decode_line_table(line_table_format(code.version), code.line_table, code.first_line,
                             static_cast<std::uint32_t>(code.bytecode.size()));
  }

  [[nodiscard]] CodeText result() const {
    return {.version = text.version,
            .bytecode = rewritten.bytecode,
            .line_table = rewritten.line_table,
            .exception_table = rewritten.exception_table,
            .first_line = text.first_line};
  }

  // Where the old instruction stands in the new code.
  [[nodiscard]] std::uint32_t moved(const Instruction& one) const {
    return rewritten.place[one.offset / 2] * 2;
  }

  CodeText text;
  FlowGraph graph;
  ProbePlan plan;
  RewrittenCode rewritten;
  const OpcodeTable& opcodes;
};

TEST_P(Rewrite, KeepsEveryInstructionInItsOrder) {
  const auto now = instructions(opcodes, rewritten.bytecode);
  std::uint32_t last = 0;
  for (const Instruction& one : graph.instructions()) {
    const auto found = std::ranges::find(now, moved(one), &Instruction::offset);
    ASSERT_NE(found, now.end());
    EXPECT_GE(found->offset, last);
    last = found->offset;
    EXPECT_EQ(found->size, one.size);
    EXPECT_EQ(rewritten.origin[found->offset / 2], one.offset);
    if (!opcodes[one.opcode].has(kJump)) {
      EXPECT_EQ(found->opcode, one.opcode);
      EXPECT_EQ(found->arg, one.arg);
    }
  }
}

TEST_P(Rewrite, IsCodeThatACompilerCouldHaveWritten) {
  const auto graph_of_result = FlowGraph::build(result());
  ASSERT_TRUE(graph_of_result.has_value());
  EXPECT_GE(graph_of_result->blocks().size(), graph.blocks().size());
}

TEST_P(Rewrite, LeavesEveryInstructionItsLineAndColumns) {
  const PositionTable before = lines(text);
  const PositionTable after = lines(result());
  EXPECT_FALSE(after.is_damaged());
  for (const Instruction& one : graph.instructions()) {
    const auto old_place = before.lookup(one.offset);
    const auto new_place = after.lookup(moved(one));
    ASSERT_EQ(old_place.has_value(), new_place.has_value());
    if (old_place) {
      EXPECT_TRUE(old_place->same_place(*new_place)) << one.offset;
    }
  }
}

TEST_P(Rewrite, LeavesEveryInstructionItsHandler) {
  if (!text.version.at_least(11)) {
    return;  // handlers are begun and ended by instructions, which all are kept
  }
  const auto after = *FlowGraph::build(result());
  for (std::uint32_t i = graph.prologue_size(); i < graph.instructions().size(); ++i) {
    const std::uint32_t now = after.instruction_at(moved(graph.instructions()[i]));
    const BlockId handler = graph.handler_of(i);
    const BlockId new_handler = after.handler_of(now);
    ASSERT_TRUE(new_handler);  // what nothing caught is caught by the escape
    if (handler) {
      // A probe stands before the handler's first instruction.
      const std::uint32_t first =
          after.instruction_at(moved(graph.instructions()[graph.block(handler).first]));
      EXPECT_EQ(new_handler, after.block_of(first));
    }
  }
}

TEST_P(Rewrite, PutsEachProbeThereOnce) {
  const std::uint8_t load = ControlFlowTable::opcode(opcodes, "LOAD_CONST");
  std::vector<int> seen(plan.probes.size());
  for (const Instruction& one : instructions(opcodes, rewritten.bytecode)) {
    if (one.opcode == load && one.arg >= kConstants) {
      ASSERT_LT(one.arg - kConstants, seen.size());
      ++seen[one.arg - kConstants];
    }
  }
  EXPECT_THAT(seen, testing::Each(1));
}

TEST_P(Rewrite, ManyConstantsAndLongJumpsNeedLongerArguments) {
  const auto wide = rewrite(text, graph, plan, 70'000, kStack);
  ASSERT_TRUE(wide.has_value());
  CodeText code = result();
  code.bytecode = wide->bytecode;
  code.exception_table = wide->exception_table;
  EXPECT_TRUE(FlowGraph::build(code).has_value());
}

INSTANTIATE_TEST_SUITE_P(Compiled, Rewrite, testing::ValuesIn(kCompiledFunctions), name_of);

// Found by the fuzzer: the way behind the last instruction leads to no block to put a counter in.
TEST(RewriteHostile, CodeThatRunsOutOfItselfIsRefused) {
  const PythonVersion version = PythonVersion::from_hex(0x030E00F0);
  const auto opcode = [&](const char* name) {
    return ControlFlowTable::opcode(*opcodes_of(version), name);
  };
  const CodeText text{.version = version,
                      .bytecode = {opcode("NOP"), 0, opcode("POP_JUMP_IF_TRUE"), 0, 0, 0}};
  if (const auto graph = FlowGraph::build(text)) {
    const ProbePlan plan = plan_probes(*graph, version);
    EXPECT_FALSE(rewrite(text, *graph, plan, kConstants, kStack));
  }
}

// Found by the fuzzer: EXTENDED_ARGs that say nothing are left out, and places within them moved
// behind what follows, so that the line table became endless.
TEST(RewriteHostile, ShorterInstructionsMoveNoPlaceBack) {
  const CodeText text{
      .version = PythonVersion::from_hex(0x030E00F0),
      .bytecode = {0, 69,  69,  69,  69,  69,  69,  69,  69, 69, 69, 69, 69,  69,  0,
                   2, 109, 120, 105, 105, 105, 105, 105, 0,  5,  10, 0,  105, 105, 105},
      .line_table = {105, 0, 0}};
  if (const auto graph = FlowGraph::build(text)) {
    const ProbePlan plan = plan_probes(*graph, text.version);
    const auto rewritten = rewrite(text, *graph, plan, kConstants, kStack);
    EXPECT_TRUE(!rewritten || rewritten->line_table.size() < 100);
  }
}

TEST(RewriteHostile, SurvivesDamagedCode) {
  std::mt19937 random(11);
  for (const CompiledFunction& function : kCompiledFunctions) {
    for (int round = 0; round < 200; ++round) {
      CodeText text = text_of(function);
      for (int change = 0; change < 2; ++change) {
        text.bytecode[random() % text.bytecode.size()] = static_cast<std::uint8_t>(random());
        if (!text.line_table.empty()) {
          text.line_table[random() % text.line_table.size()] = static_cast<std::uint8_t>(random());
        }
      }
      if (const auto graph = FlowGraph::build(text)) {
        const ProbePlan plan = plan_probes(*graph, text.version);
        const auto rewritten = rewrite(text, *graph, plan, kConstants, kStack);
        EXPECT_TRUE(!rewritten || rewritten->bytecode.size() >= text.bytecode.size());
      }
    }
  }
}

}  // namespace
}  // namespace lancehead::code
