// Walking the instructions of a code object, and undoing what the interpreter did to them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "code/opcodes.h"

namespace lancehead::code {

struct Instruction {
  std::uint32_t offset = 0;  // in bytes, of the instruction itself, behind its EXTENDED_ARGs
  std::uint32_t start = 0;   // in bytes, of the first EXTENDED_ARG in front of it, else `offset`
  std::uint8_t opcode = 0;   // as found
  std::uint8_t base = 0;     // as compiled
  std::uint32_t arg = 0;     // with the EXTENDED_ARGs folded in; 0 where there is none
  std::uint32_t size = 2;    // in bytes from `offset`, inline caches included

  [[nodiscard]] std::uint32_t end() const { return offset + size; }
};

// Reads one instruction after the other. EXTENDED_ARG is folded into the instruction behind it and
// not given by itself. Always advances, never reads past the end: an instruction whose caches
// are cut off is given with what is left.
//
// Where a hiding opcode (kHides) stands, its caches are not known and what follows is a guess until
// the next instruction that the guess meets; saw_hidden() says that it came to this. A caller
// that knows the hidden opcodes writes them into its copy of the bytes first.
class InstructionReader {
 public:
  InstructionReader(const OpcodeTable& table, std::span<const std::uint8_t> bytecode)
      : table_(&table), bytecode_(bytecode) {}

  [[nodiscard]] std::optional<Instruction> next();

  [[nodiscard]] bool saw_hidden() const { return saw_hidden_; }

 private:
  const OpcodeTable* table_;
  std::span<const std::uint8_t> bytecode_;
  std::size_t at_ = 0;
  bool saw_hidden_ = false;
};

[[nodiscard]] std::vector<Instruction> instructions(const OpcodeTable& table,
                                                    std::span<const std::uint8_t> bytecode);

// The name of the opcode, or "<opcode N>" for a number that the version does not use.
[[nodiscard]] std::string opcode_name(const OpcodeTable& table, std::uint8_t opcode);

// Where the instruction can jump to, as a byte offset; nothing for other instructions and for
// targets before the first byte.
[[nodiscard]] std::optional<std::uint32_t> jump_target(const OpcodeTable& table,
                                                       const Instruction& instruction);

struct BaseBytecode {
  std::vector<std::uint8_t> bytes;
  bool complete = true;  // false where an opcode hid another one, which therefore is not known
};

// The bytecode as it was compiled: base opcodes, caches of zeros. Code found at different moments
// of its life becomes equal, so that hashes and comparisons hold. Equal to `co_code` unless
// something was hidden.
[[nodiscard]] BaseBytecode deopt(const OpcodeTable& table, std::span<const std::uint8_t> bytecode);

}  // namespace lancehead::code
