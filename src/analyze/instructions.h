// Time by bytecode instruction, and the form in which each ran.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/selection.h"
#include "code/exception_table.h"
#include "code/python_version.h"
#include "code/specialisation.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// A form that an instruction was found in, and the time that it had from then until another state
// of the bytecode was found.
struct FormRow {
  code::Form form = code::Form::generic;
  std::string_view opcode;     // as found
  std::uint32_t failures = 0;  // attempts to specialise it, at least
  double time = 0;             // ns
};

struct InstructionRow {
  std::uint32_t offset = 0;  // in bytes
  std::string_view opcode;   // as compiled
  bool has_argument = false;
  std::uint32_t argument = 0;
  std::string argument_text;  // what it stands for, as the program has it; may be empty
  std::uint32_t line = profile::kNoLine;
  bool starts_line = false;
  bool is_jump_target = false;  // of a jump or of an exception
  profile::Position position;
  Share self;                   // as the top frame
  bool can_specialise = false;  // whether its version has forms of it for types
  // In the order in which they were first found; none where the bytecode of the running program was
  // never read.
  std::vector<FormRow> forms;
  // The part of `self` in which it ran as compiled, though its opcode is one that is specialised.
  Share unspecialised;
  // What its version has specialised forms of the opcode for, where operands alone decide; see
  // code::specialised_operands().
  std::optional<std::string_view> wanted;
  std::string literal;  // repr of an int, float or str that is its right operand; else empty
};

// The code of one function. Equal code objects, such as those of several processes, are one.
struct CodeListing {
  profile::FunctionId function;
  code::PythonVersion version;
  Share self;
  std::size_t code_objects = 0;
  std::vector<InstructionRow> rows;
  std::vector<code::ExceptionEntry> handlers;
  bool is_compiled = false;  // compiled traces ran: the shares of its instructions mean nothing
  bool is_complete = true;   // false: some opcodes were hidden by others and are not known
};

// Those that were on top of a sample, by self time, largest first. Versions whose opcodes are not
// known have no rows.
[[nodiscard]] std::vector<CodeListing> code_listings(const profile::Profile& profile,
                                                     const Selection& selection);

}  // namespace lancehead::analyze
