// In which form an instruction ran: specialised for the types it met, or not, and what is known of
// why.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "code/instructions.h"

namespace lancehead::code {

enum class Form : std::uint8_t {
  generic,       // by nature: the version has no specialised form of it
  specialised,   // for the types that it met
  adaptive,      // could be specialised, and is not (yet)
  gave_up,       // the same, after so many attempts that the next one is thousands of runs away
  paired,        // joined with the instruction behind it
  covered,       // done by the instruction in front of it
  compiled,      // part of a compiled trace
  instrumented,  // calls a tool of sys.monitoring
  hidden,        // a tool's mark stands in its place
};

[[nodiscard]] std::string_view to_string(Form form);

struct FoundForm {
  Form form = Form::generic;
  std::uint8_t opcode = 0;     // as found
  std::uint32_t failures = 0;  // attempts to specialise it that its counter tells of; at least

  bool operator==(const FoundForm&) const = default;
};

// Whether the version has forms of the opcode for types. (RESUME, JUMP_BACKWARD and LOAD_CONST
// change their form too, but for no type.)
[[nodiscard]] bool can_specialise(const OpcodeTable& table, std::uint8_t base);

// The form of an instruction (as compiled) in bytecode that was found at some moment; nothing where
// the bytecode is too short. Never `covered`, which is for the instruction in front to say.
[[nodiscard]] std::optional<FoundForm> form_at(const OpcodeTable& table,
                                               std::span<const std::uint8_t> bytecode,
                                               const Instruction& instruction);

// The operands that the version has specialised forms for, such as "two int or two float"; empty
// where it has none for this operator; nothing where more than the operands decides.
[[nodiscard]] std::optional<std::string_view> specialised_operands(const OpcodeTable& table,
                                                                   const Instruction& instruction);

}  // namespace lancehead::code
