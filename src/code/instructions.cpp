#include "code/instructions.h"

#include <fmt/format.h>

#include <algorithm>

namespace lancehead::code {
namespace {

constexpr std::size_t kUnit = 2;

}  // namespace

std::optional<Instruction> InstructionReader::next() {
  Instruction instruction;
  instruction.start = static_cast<std::uint32_t>(at_);
  std::uint32_t extended = 0;
  while (at_ + kUnit <= bytecode_.size()) {
    const std::uint8_t opcode = bytecode_[at_];
    const OpcodeInfo& info = (*table_)[opcode];
    const std::uint32_t arg = extended << 8 | bytecode_[at_ + 1];
    instruction.offset = static_cast<std::uint32_t>(at_);
    at_ += kUnit;
    if (info.base == table_->extended_arg && info.is_known()) {
      extended = arg;
      continue;
    }
    saw_hidden_ = saw_hidden_ || info.has(kHides);
    at_ = std::min(at_ + kUnit * info.caches, bytecode_.size());
    instruction.opcode = opcode;
    instruction.base = info.base;
    instruction.arg = info.has(kHasArg) ? arg : 0;
    instruction.size = static_cast<std::uint32_t>(at_) - instruction.offset;
    return instruction;
  }
  at_ = bytecode_.size();
  return std::nullopt;
}

std::vector<Instruction> instructions(const OpcodeTable& table,
                                      std::span<const std::uint8_t> bytecode) {
  std::vector<Instruction> all;
  InstructionReader reader(table, bytecode);
  while (const auto instruction = reader.next()) {
    all.push_back(*instruction);
  }
  return all;
}

std::string opcode_name(const OpcodeTable& table, std::uint8_t opcode) {
  const OpcodeInfo& info = table[opcode];
  return info.is_known() ? std::string(info.name) : fmt::format("<opcode {}>", opcode);
}

std::optional<std::uint32_t> jump_target(const OpcodeTable& table, const Instruction& instruction) {
  const OpcodeInfo& info = table[instruction.base];
  if (!info.has(kJump)) {
    return std::nullopt;
  }
  // Until 3.9 the argument counts bytes, since then code units.
  const std::int64_t distance = std::int64_t{instruction.arg} * (table.minor >= 10 ? 2 : 1);
  const std::int64_t next = std::int64_t{instruction.offset} + 2 + 2 * std::int64_t{info.caches};
  std::int64_t target = next + distance;
  if (info.has(kAbsolute)) {
    target = distance;
  } else if (info.has(kBackward)) {
    target = next - distance;
  }
  if (target < 0 || target > std::int64_t{UINT32_MAX}) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(target);
}

BaseBytecode deopt(const OpcodeTable& table, std::span<const std::uint8_t> bytecode) {
  BaseBytecode result;
  result.bytes.assign(bytecode.begin(), bytecode.end());
  std::size_t at = 0;
  while (at + kUnit <= bytecode.size()) {
    const OpcodeInfo& info = table[bytecode[at]];
    result.bytes[at] = info.base;
    result.complete = result.complete && !info.has(kHides);
    const std::size_t after = std::min(at + kUnit * (1U + info.caches), bytecode.size());
    std::fill(result.bytes.begin() + static_cast<std::ptrdiff_t>(at + kUnit),
              result.bytes.begin() + static_cast<std::ptrdiff_t>(after), std::uint8_t{0});
    at = after;
  }
  return result;
}

}  // namespace lancehead::code
