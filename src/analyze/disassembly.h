// The instructions of a code object of a recording, with what their arguments stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analyze/instructions.h"
#include "code/instructions.h"
#include "code/opcodes.h"
#include "profile/position.h"
#include "profile/profile.h"

namespace lancehead::analyze {

inline constexpr std::uint32_t kNoRow = 0xFFFFFFFF;

struct Disassembly {
  std::vector<InstructionRow> rows;             // one for each EXTENDED_ARG, too
  std::vector<code::Instruction> instructions;  // what each row executes
  std::vector<std::uint32_t> row_of_unit;       // caches belong to their instruction
  std::vector<code::ExceptionEntry> handlers;
  bool is_complete = true;  // false: some opcodes were hidden by others

  // kNoRow outside the bytecode.
  [[nodiscard]] std::uint32_t row_at(std::int32_t offset) const;
};

// `found` is bytecode of the code object as it was at some moment.
[[nodiscard]] Disassembly disassemble(const profile::Profile& profile,
                                      const code::OpcodeTable& opcodes, schema::CodeId code,
                                      std::span<const std::uint8_t> found,
                                      profile::PositionResolver& positions);

}  // namespace lancehead::analyze
