// Where control goes behind an instruction, in each version of CPython.
#pragma once

#include <array>
#include <cstdint>

#include "code/opcode_table.h"

namespace lancehead::code {

enum class Flow : std::uint8_t {
  next,         // to the instruction behind it
  jump,         // to its target
  branch,       // to either
  leave,        // out of the frame: return
  raise,        // to the handler, always
  may_reraise,  // to the instruction behind it, or to the handler with an exception it was given
  suspend,      // out of the frame, and perhaps back to the instruction behind it
};

// What an instruction needs to have beside it, so that nothing may be put between.
enum class Prefix : std::uint8_t {
  none,
  stays_first,  // belongs to the head of its block, in front of whatever is put there
};

struct ControlFlow {
  Flow flow = Flow::next;
  Prefix prefix = Prefix::none;
  // The target is a handler that begins to guard here (up to 3.10).
  bool begins_guard = false;
  // The innermost guard ends here (up to 3.10).
  bool ends_guard = false;
  // The target is only told; control does not go there by a jump of this instruction.
  bool only_names_target = false;
};

// For the base opcodes of one version.
class ControlFlowTable {
 public:
  explicit ControlFlowTable(const OpcodeTable& opcodes);

  [[nodiscard]] const ControlFlow& operator[](std::uint8_t base) const { return rows_[base]; }

  // An opcode by its name, for those that rewriting has to write; 0 where the version has none.
  [[nodiscard]] static std::uint8_t opcode(const OpcodeTable& opcodes, const char* name);

 private:
  std::array<ControlFlow, 256> rows_{};
};

// The table of a version that has one (opcodes_of). Made once.
[[nodiscard]] const ControlFlowTable& control_flow_of(const OpcodeTable& opcodes);

}  // namespace lancehead::code
