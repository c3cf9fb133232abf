// What the argument of an instruction stands for, as `dis` of the version shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "code/instructions.h"

namespace lancehead::code {

// What arguments are numbers in. All may be shorter than the bytecode asks for.
struct CodeTexts {
  std::span<const std::string_view> constants;  // their repr
  std::span<const std::string_view> names;
  std::span<const std::string_view> variables;  // locals, then cells and free variables
  std::size_t locals = 0;                       // so many of `variables` are locals; see below
};

// How many of `variables` are locals, which arguments of cells must skip until 3.10. Code objects
// say so in co_nlocals; where that is not at hand, the bytecode does: a cell that no instruction
// uses is not made, but for the `__class__` that `super()` finds by itself. (Since 3.11 one number
// counts through all variables, and this returns 0.)
[[nodiscard]] std::size_t count_locals(const OpcodeTable& table,
                                       std::span<const Instruction> instructions,
                                       std::span<const std::string_view> names,
                                       std::span<const std::string_view> variables);

// "abs + NULL", "<", "to 166"; empty where the number says it all, or what it counts is not there.
// Jumps name offsets in all versions, where later ones of `dis` have labels.
[[nodiscard]] std::string argument_text(const OpcodeTable& table, const Instruction& instruction,
                                        const CodeTexts& texts);

// "<"; empty for a number that the version does not use.
[[nodiscard]] std::string_view comparison_symbol(const OpcodeTable& table, std::uint32_t arg);

}  // namespace lancehead::code
