// Where calls find their callees on the stack, in small pieces of bytecode.
#include "code/callee_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "code/assembler.h"
#include "code/opcodes.h"

namespace lancehead::code {
namespace {

using ::testing::Contains;
using ::testing::Each;

std::vector<std::uint32_t> depths_of(
    std::uint8_t minor, const std::vector<std::pair<const char*, std::uint32_t>>& instructions) {
  const PythonVersion version{.major = 3, .minor = minor, .micro = 1, .level = 0xF, .serial = 0};
  const OpcodeTable& opcodes = *opcodes_of(version);
  Assembler assembler(opcodes);
  assembler.put({.opcode = ControlFlowTable::opcode(opcodes, "RESUME")});
  for (const auto& [name, arg] : instructions) {
    assembler.put({.opcode = ControlFlowTable::opcode(opcodes, name), .arg = arg});
  }
  assembler.put({.opcode = ControlFlowTable::opcode(opcodes, "RETURN_VALUE")});
  assembler.layout();
  const auto graph = FlowGraph::build({.version = version, .bytecode = assembler.bytecode()});
  EXPECT_TRUE(graph);
  return graph ? callee_depths(*graph, version) : std::vector<std::uint32_t>();
}

TEST(CalleePlaces, AreFixedFrom313On) {
  EXPECT_THAT(depths_of(13, {{"LOAD_FAST", 0}, {"PUSH_NULL", 0}, {"LOAD_CONST", 0}, {"CALL", 1}}),
              Contains(3U));
}

TEST(CalleePlaces, AreKnownOn312WhereANullLiesBeneath) {
  // f(x) and f(x[1] + 2), of globals
  EXPECT_THAT(depths_of(12, {{"LOAD_GLOBAL", 1}, {"LOAD_FAST", 0}, {"CALL", 1}}), Contains(2U));
  EXPECT_THAT(depths_of(12, {{"LOAD_GLOBAL", 1},
                             {"LOAD_FAST", 0},
                             {"LOAD_CONST", 1},
                             {"BINARY_SUBSCR", 0},
                             {"LOAD_CONST", 2},
                             {"BINARY_OP", 0},
                             {"CALL", 1}}),
              Contains(2U));
  // f(g(x)): both
  const auto both = depths_of(
      12, {{"LOAD_GLOBAL", 1}, {"LOAD_GLOBAL", 3}, {"LOAD_FAST", 0}, {"CALL", 1}, {"CALL", 1}});
  EXPECT_EQ(std::ranges::count(both, 2U), 2);
}

TEST(CalleePlaces, AreNotGuessed) {
  // x.append(y): a method, or a null and what is called
  EXPECT_THAT(depths_of(12, {{"LOAD_FAST", 0}, {"LOAD_ATTR", 1}, {"LOAD_FAST", 1}, {"CALL", 1}}),
              Each(0U));
  // f(x=1): nothing may stand in front of the call
  EXPECT_THAT(depths_of(12, {{"LOAD_GLOBAL", 1}, {"LOAD_CONST", 0}, {"KW_NAMES", 1}, {"CALL", 1}}),
              Each(0U));
  // What an unknown instruction does to the stack is not known.
  EXPECT_THAT(depths_of(12, {{"LOAD_GLOBAL", 1}, {"LOAD_FAST", 0}, {"GET_ITER", 0}, {"CALL", 1}}),
              Each(0U));
  EXPECT_THAT(depths_of(11, {{"PUSH_NULL", 0}, {"LOAD_FAST", 0}, {"CALL", 0}}), Each(0U));
}

}  // namespace
}  // namespace lancehead::code
