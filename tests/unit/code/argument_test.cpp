#include "code/argument.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace lancehead::code {
namespace {

Instruction make(const OpcodeTable& table, std::string_view name, std::uint32_t arg) {
  Instruction instruction{.arg = arg};
  for (std::size_t opcode = 0; opcode < 256; ++opcode) {
    if (table.opcodes[opcode].name == name) {
      instruction.opcode = instruction.base = static_cast<std::uint8_t>(opcode);
    }
  }
  EXPECT_NE(instruction.opcode, 0) << name;
  return instruction;
}

constexpr std::string_view kConstants[] = {"None", "2"};
constexpr std::string_view kNames[] = {"abs", "path"};
constexpr std::string_view kVariables[] = {"z", "n", "shared"};
constexpr CodeTexts kTexts = {
    .constants = kConstants, .names = kNames, .variables = kVariables, .locals = 0};

std::string text(const OpcodeTable& table, std::string_view name, std::uint32_t arg,
                 const CodeTexts& texts = kTexts) {
  return argument_text(table, make(table, name, arg), texts);
}

// All of it is compared with dis over the standard library in tests/e2e/test_positions_code.py.
TEST(Argument, IsShownAsTheVersionDoes) {
  EXPECT_EQ(text(opcodes_3_10(), "LOAD_GLOBAL", 0), "abs");
  EXPECT_EQ(text(opcodes_3_11(), "LOAD_GLOBAL", 1), "NULL + abs");
  EXPECT_EQ(text(opcodes_3_13(), "LOAD_GLOBAL", 1), "abs + NULL");
  EXPECT_EQ(text(opcodes_3_13(), "LOAD_ATTR", 3), "path + NULL|self");
  EXPECT_EQ(text(opcodes_3_15(), "IMPORT_NAME", 6), "path + eager");
  EXPECT_EQ(text(opcodes_3_8(), "COMPARE_OP", 8), "is");
  EXPECT_EQ(text(opcodes_3_12(), "COMPARE_OP", 2U << 4U), "==");
  EXPECT_EQ(text(opcodes_3_13(), "COMPARE_OP", 18), "bool(<)");
  EXPECT_EQ(text(opcodes_3_13(), "STORE_FAST_LOAD_FAST", 0x10), "n, z");
  EXPECT_EQ(text(opcodes_3_14(), "LOAD_SMALL_INT", 200), "");
  EXPECT_EQ(text(opcodes_3_14(), "LOAD_COMMON_CONSTANT", 0), "AssertionError");
  EXPECT_EQ(text(opcodes_3_12(), "FORMAT_VALUE", 6), "repr, with format");
  EXPECT_EQ(text(opcodes_3_13(), "BUILD_LIST", 1), "");
  EXPECT_EQ(text(opcodes_3_13(), "RETURN_VALUE", 0), "");
}

TEST(Argument, NumbersCellsBehindLocalsUntil310) {
  const OpcodeTable& ten = opcodes_3_10();
  const std::vector<Instruction> code = {make(ten, "LOAD_FAST", 0), make(ten, "LOAD_CLOSURE", 0)};
  EXPECT_EQ(count_locals(ten, code, kNames, kVariables), 2U);
  EXPECT_EQ(count_locals(opcodes_3_11(), code, kNames, kVariables), 0U);
  constexpr std::string_view kSuper[] = {"super"};
  constexpr std::string_view kMethod[] = {"self", "n", "shared", "__class__"};
  EXPECT_EQ(count_locals(ten, code, kSuper, kMethod), 2U);  // super() finds the class by itself
  EXPECT_EQ(count_locals(ten, code, kNames, kMethod), 3U);
  CodeTexts texts = kTexts;
  texts.locals = 2;
  EXPECT_EQ(text(ten, "LOAD_DEREF", 0, texts), "shared");
  EXPECT_EQ(text(opcodes_3_11(), "LOAD_DEREF", 2), "shared");
}

TEST(Argument, OutOfRangeIsEmpty) {
  for (std::uint8_t minor = 8; minor <= 15; ++minor) {
    const OpcodeTable& table = *opcodes_of({3, minor, 0, 0xF, 0});
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
      const auto byte = static_cast<std::uint8_t>(opcode);
      for (const std::uint32_t arg : {0U, 255U, 0xFFFFFFFFU}) {
        (void)argument_text(table, {.opcode = byte, .base = table[byte].base, .arg = arg}, {});
      }
    }
  }
  EXPECT_EQ(text(opcodes_3_13(), "LOAD_GLOBAL", 99), "");
  EXPECT_EQ(text(opcodes_3_13(), "LOAD_CONST", 99), "");
}

}  // namespace
}  // namespace lancehead::code
