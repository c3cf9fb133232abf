#include "code/specialisation.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace lancehead::code {
namespace {

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

// The form of the instruction `base` where `found` stands with a counter behind it.
FoundForm form_of(const OpcodeTable& table, std::string_view base, std::string_view found,
                  std::uint8_t counter = 0) {
  const std::uint8_t opcode = number(table, base);
  const Bytes bytecode = {number(table, found), 0, counter, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto form = form_at(table, bytecode, {.opcode = opcode, .base = opcode, .size = 4});
  EXPECT_TRUE(form);
  return form.value_or(FoundForm{});
}

TEST(Specialisation, KnowsWhatHasFormsForTypes) {
  const OpcodeTable& table = opcodes_3_14();
  EXPECT_TRUE(can_specialise(table, number(table, "BINARY_OP")));
  EXPECT_TRUE(can_specialise(table, number(table, "CALL_KW")));
  for (const char* name : {"RESUME", "JUMP_BACKWARD", "LOAD_CONST", "LOAD_FAST", "GET_ITER"}) {
    EXPECT_FALSE(can_specialise(table, number(table, name))) << name;
  }
  EXPECT_TRUE(can_specialise(opcodes_3_15(), number(opcodes_3_15(), "GET_ITER")));
  EXPECT_FALSE(can_specialise(opcodes_3_11(), number(opcodes_3_11(), "FOR_ITER")));
  EXPECT_FALSE(can_specialise(opcodes_3_10(), number(opcodes_3_10(), "LOAD_ATTR")));
}

TEST(Specialisation, TellsFormsApart) {
  const OpcodeTable& table = opcodes_3_13();
  EXPECT_EQ(form_of(table, "BINARY_OP", "BINARY_OP_ADD_INT").form, Form::specialised);
  EXPECT_EQ(form_of(table, "BINARY_OP", "BINARY_OP").form, Form::adaptive);
  EXPECT_EQ(form_of(table, "LOAD_FAST", "LOAD_FAST").form, Form::generic);
  EXPECT_EQ(form_of(table, "RESUME", "RESUME_CHECK").form, Form::generic);
  EXPECT_EQ(form_of(table, "CALL", "INSTRUMENTED_CALL").form, Form::instrumented);
  EXPECT_EQ(form_of(table, "JUMP_BACKWARD", "ENTER_EXECUTOR").form, Form::compiled);
  EXPECT_EQ(form_of(table, "CALL", "INSTRUMENTED_LINE").form, Form::hidden);
  EXPECT_EQ(form_of(table, "STORE_FAST_LOAD_FAST", "STORE_FAST_LOAD_FAST").form, Form::generic);
  EXPECT_EQ(form_of(opcodes_3_12(), "LOAD_FAST", "LOAD_FAST__LOAD_CONST").form, Form::paired);
}

TEST(Specialisation, ReadsAttemptsFromTheCounter) {
  struct Case {
    const OpcodeTable& table;
    std::string_view found;
    std::uint8_t backoff;
    std::uint32_t failures;
    Form form;
  };
  const Case cases[] = {
      {opcodes_3_11(), "BINARY_OP", 12, 0, Form::adaptive},  // not counting yet
      {opcodes_3_11(), "BINARY_OP_ADAPTIVE", 5, 0, Form::adaptive},
      {opcodes_3_11(), "BINARY_OP_ADAPTIVE", 8, 3, Form::adaptive},
      {opcodes_3_11(), "BINARY_OP_ADAPTIVE", 12, 7, Form::gave_up},
      {opcodes_3_13(), "BINARY_OP", 1, 0, Form::adaptive},
      {opcodes_3_13(), "BINARY_OP", 0, 0, Form::adaptive},
      {opcodes_3_13(), "BINARY_OP", 12, 11, Form::gave_up},
      {opcodes_3_15(), "BINARY_OP", 5, 4, Form::adaptive},
      {opcodes_3_15(), "BINARY_OP", 6, 5, Form::gave_up},
  };
  for (const Case& one : cases) {
    const FoundForm form = form_of(one.table, "BINARY_OP", one.found, one.backoff);
    EXPECT_EQ(form.form, one.form) << one.found << ' ' << int{one.backoff};
    EXPECT_EQ(form.failures, one.failures) << one.found << ' ' << int{one.backoff};
  }
}

TEST(Specialisation, IsNotExpectedOfOperatorsWithoutForms) {
  const OpcodeTable& table = opcodes_3_13();
  const std::uint8_t opcode = number(table, "BINARY_OP");
  const Bytes bytecode = {opcode, 2, 12, 0};
  const auto form = form_at(table, bytecode, {.opcode = opcode, .base = opcode, .arg = 2});
  ASSERT_TRUE(form);
  EXPECT_EQ(form->form, Form::generic);
}

TEST(Specialisation, SaysNothingOfOtherBytecode) {
  const OpcodeTable& table = opcodes_3_13();
  const std::uint8_t call = number(table, "CALL");
  const Bytes other = {number(table, "LOAD_FAST"), 0};
  EXPECT_FALSE(form_at(table, other, {.opcode = call, .base = call}));
  EXPECT_FALSE(form_at(table, other, {.offset = 2, .opcode = call, .base = call}));
}

TEST(Specialisation, KnowsTheOperandsThatFormsAreFor) {
  const auto wanted = [](const OpcodeTable& table, std::string_view name, std::uint32_t arg) {
    const std::uint8_t opcode = number(table, name);
    return specialised_operands(table, {.opcode = opcode, .base = opcode, .arg = arg});
  };
  constexpr std::uint32_t kFloorDivide = 2;
  constexpr std::uint32_t kMultiply = 5;
  constexpr std::uint32_t kDivideInPlace = 24;
  EXPECT_EQ(wanted(opcodes_3_13(), "BINARY_OP", kFloorDivide), "");
  EXPECT_EQ(wanted(opcodes_3_13(), "BINARY_OP", kMultiply), "two int or two float");
  EXPECT_EQ(wanted(opcodes_3_13(), "BINARY_OP", kDivideInPlace), "");
  EXPECT_EQ(wanted(opcodes_3_14(), "BINARY_OP", kDivideInPlace), "an int and a float");
  EXPECT_EQ(wanted(opcodes_3_13(), "COMPARE_OP", 2U << 5U), "two small int, two float, or two str");
  EXPECT_EQ(wanted(opcodes_3_13(), "COMPARE_OP", 18), "two small int or two float");
  EXPECT_EQ(wanted(opcodes_3_13(), "CALL", 1), std::nullopt);
  EXPECT_EQ(wanted(opcodes_3_13(), "BINARY_OP", 200), std::nullopt);
}

}  // namespace
}  // namespace lancehead::code
