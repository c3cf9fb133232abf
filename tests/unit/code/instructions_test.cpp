#include "code/instructions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace lancehead::code {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using Bytes = std::vector<std::uint8_t>;

std::uint8_t number(const OpcodeTable& table, std::string_view name) {
  for (std::size_t opcode = 0; opcode < 256; ++opcode) {
    if (table.opcodes[opcode].name == name) {
      return static_cast<std::uint8_t>(opcode);
    }
  }
  ADD_FAILURE() << "no opcode " << name;
  return 0;
}

std::vector<const OpcodeTable*> all_tables() {
  std::vector<const OpcodeTable*> tables;
  for (std::uint8_t minor = 8; minor <= 15; ++minor) {
    tables.push_back(opcodes_of({3, minor, 0, 0xF, 0}));
  }
  return tables;
}

TEST(Opcodes, EverySupportedVersionHasATableAndNoOther) {
  for (std::uint8_t minor = 8; minor <= 15; ++minor) {
    const OpcodeTable* table = opcodes_of({3, minor, 0, 0xF, 0});
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->minor, minor);
    EXPECT_EQ((*table)[table->extended_arg].name, "EXTENDED_ARG");
  }
  EXPECT_EQ(opcodes_of({3, 7, 0, 0xF, 0}), nullptr);
  EXPECT_EQ(opcodes_of({3, 16, 0, 0xA, 0}), nullptr);
  EXPECT_EQ(opcodes_of({2, 9, 0, 0xF, 0}), nullptr);
}

TEST(Opcodes, BaseFormsAreTheirOwnBaseAndShareTheirCaches) {
  for (const OpcodeTable* table : all_tables()) {
    for (const OpcodeInfo& info : table->opcodes) {
      const OpcodeInfo& base = (*table)[info.base];
      EXPECT_EQ((*table)[base.base].name, base.name);
      if (!info.has(kHides)) {
        EXPECT_EQ(info.caches, base.caches) << info.name;
      }
    }
  }
}

TEST(Opcodes, TraitsOfWellKnownForms) {
  const OpcodeTable& eleven = opcodes_3_11();
  const std::uint8_t adaptive = number(eleven, "BINARY_OP_ADAPTIVE");
  EXPECT_EQ(eleven[eleven[adaptive].base].name, "BINARY_OP");
  EXPECT_TRUE(eleven.is_specialised(adaptive));
  EXPECT_TRUE(eleven[number(eleven, "LOAD_FAST__LOAD_FAST")].has(kCoversNext));
  EXPECT_FALSE(eleven.is_specialised(number(eleven, "LOAD_FAST__LOAD_FAST")));
  const OpcodeTable& fifteen = opcodes_3_15();
  EXPECT_TRUE(fifteen[number(fifteen, "INSTRUMENTED_LINE")].has(kHides));
  EXPECT_TRUE(fifteen[number(fifteen, "ENTER_EXECUTOR")].has(kHides));
  EXPECT_TRUE(fifteen[number(fifteen, "STORE_FAST_LOAD_FAST")].has(kPair));
  const std::uint8_t call = number(fifteen, "INSTRUMENTED_CALL");
  EXPECT_EQ(fifteen[fifteen[call].base].name, "CALL");
  EXPECT_EQ(fifteen[call].caches, 3);
  EXPECT_EQ(opcode_name(fifteen, call), "INSTRUMENTED_CALL");
  EXPECT_EQ(opcode_name(opcodes_3_8(), 0), "<opcode 0>");
}

TEST(Instructions, WalksOverCachesWithTheSizeOfTheBaseForm) {
  const OpcodeTable& table = opcodes_3_12();
  const std::uint8_t add = number(table, "BINARY_OP_ADD_INT");
  const std::uint8_t pop = number(table, "POP_TOP");
  const auto all = instructions(table, Bytes{add, 0, 99, 99, pop, 0});
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].opcode, add);
  EXPECT_EQ(all[0].base, number(table, "BINARY_OP"));
  EXPECT_EQ(all[0].size, 4U);
  EXPECT_EQ(all[1].offset, 4U);
  EXPECT_EQ(all[1].opcode, pop);
}

TEST(Instructions, FoldsExtendedArguments) {
  const OpcodeTable& table = opcodes_3_13();
  const std::uint8_t extended = table.extended_arg;
  const std::uint8_t load = number(table, "LOAD_CONST");
  const auto all = instructions(table, Bytes{extended, 1, extended, 2, load, 3});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].start, 0U);
  EXPECT_EQ(all[0].offset, 4U);
  EXPECT_EQ(all[0].arg, 0x010203U);
}

TEST(Instructions, ATailThatIsCutOffStaysInside) {
  const OpcodeTable& table = opcodes_3_12();
  const std::uint8_t load = number(table, "LOAD_ATTR");
  const auto all = instructions(table, Bytes{load, 0, 0, 0, 0});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].end(), 5U);
  EXPECT_THAT(instructions(table, Bytes{load}), SizeIs(0));
  EXPECT_THAT(instructions(table, Bytes{table.extended_arg, 1}), SizeIs(0));
}

TEST(Instructions, SaysThatAnOpcodeHidAnotherOne) {
  const OpcodeTable& table = opcodes_3_14();
  const Bytes bytes = {number(table, "INSTRUMENTED_LINE"), 0};
  InstructionReader reader(table, bytes);
  EXPECT_TRUE(reader.next().has_value());
  EXPECT_TRUE(reader.saw_hidden());
  EXPECT_FALSE(deopt(table, bytes).complete);
}

TEST(Instructions, JumpsOfEachEra) {
  const auto target = [](const OpcodeTable& table, std::string_view name, std::uint32_t offset,
                         std::uint32_t arg) {
    const std::uint8_t op = number(table, name);
    return jump_target(table, {.offset = offset, .opcode = op, .base = op, .arg = arg});
  };
  EXPECT_EQ(target(opcodes_3_9(), "JUMP_ABSOLUTE", 20, 8), 8U);
  EXPECT_EQ(target(opcodes_3_9(), "JUMP_FORWARD", 20, 8), 30U);
  EXPECT_EQ(target(opcodes_3_10(), "JUMP_ABSOLUTE", 20, 8), 16U);
  EXPECT_EQ(target(opcodes_3_11(), "JUMP_BACKWARD", 20, 8), 6U);
  EXPECT_EQ(target(opcodes_3_13(), "JUMP_BACKWARD", 20, 8), 8U);
  EXPECT_EQ(target(opcodes_3_13(), "POP_TOP", 20, 8), std::nullopt);
  EXPECT_EQ(target(opcodes_3_13(), "JUMP_BACKWARD", 20, 800), std::nullopt);
}

TEST(Deopt, GivesBackBaseFormsAndEmptyCaches) {
  const OpcodeTable& table = opcodes_3_11();
  const Bytes hot = {number(table, "EXTENDED_ARG_QUICK"),
                     1,
                     number(table, "LOAD_GLOBAL_BUILTIN"),
                     4,
                     7,
                     7,
                     7,
                     7,
                     7,
                     7,
                     7,
                     7,
                     7,
                     7,
                     number(table, "RESUME_QUICK"),
                     0};
  const BaseBytecode cold = deopt(table, hot);
  EXPECT_TRUE(cold.complete);
  EXPECT_THAT(cold.bytes,
              ElementsAre(number(table, "EXTENDED_ARG"), 1, number(table, "LOAD_GLOBAL"), 4, 0, 0,
                          0, 0, 0, 0, 0, 0, 0, 0, number(table, "RESUME"), 0));
}

TEST(Instructions, AnyBytesAreWalkedToTheEnd) {
  std::mt19937 random(7);  // NOLINT: the same bytes each time
  const auto tables = all_tables();
  for (std::size_t round = 0; round < 20000; ++round) {
    Bytes bytes(random() % 60);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    const OpcodeTable& table = *tables[round % tables.size()];
    std::uint32_t at = 0;
    for (const Instruction& instruction : instructions(table, bytes)) {
      ASSERT_EQ(instruction.start, at);
      ASSERT_GE(instruction.offset, instruction.start);
      ASSERT_GE(instruction.size, 2U);
      at = instruction.end();
    }
    ASSERT_LE(at, bytes.size());
    const BaseBytecode base = deopt(table, bytes);
    ASSERT_EQ(base.bytes.size(), bytes.size());
    ASSERT_EQ(deopt(table, base.bytes).bytes, base.bytes);
  }
}

}  // namespace
}  // namespace lancehead::code
