// The shape of a version's opcode table. Generated files fill it; everyone else uses opcodes.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lancehead::code {

// Traits of an opcode. A specialised or instrumented form has those of its base opcode.
using OpcodeTrait = std::uint16_t;
inline constexpr OpcodeTrait kHasArg = 1;
inline constexpr OpcodeTrait kJump = 2;  // relative unless kAbsolute, forward unless kBackward
inline constexpr OpcodeTrait kBackward = 4;
inline constexpr OpcodeTrait kAbsolute = 8;
inline constexpr OpcodeTrait kInstrumented = 16;
inline constexpr OpcodeTrait kHides = 32;  // stands in for an instruction that is kept elsewhere
inline constexpr OpcodeTrait kPair = 64;   // a superinstruction: two plain instructions in one
// Also executes the instruction behind it, which then is never current.
inline constexpr OpcodeTrait kCoversNext = 128;
// What the argument is a number in: the code's constants, its names, its variables, those of them
// that other functions share, or the comparisons.
inline constexpr OpcodeTrait kConstant = 256;
inline constexpr OpcodeTrait kName = 512;
inline constexpr OpcodeTrait kLocal = 1024;
inline constexpr OpcodeTrait kCell = 2048;
inline constexpr OpcodeTrait kComparison = 4096;

struct OpcodeRow {
  std::uint8_t opcode;
  const char* name;
  std::uint8_t base;
  std::uint8_t caches;
  int traits;
};

struct OpcodeInfo {
  std::string_view name;    // empty for a number that the version does not use
  std::uint8_t base = 0;    // the opcode that the compiler wrote
  std::uint8_t caches = 0;  // units of inline cache behind the instruction
  OpcodeTrait traits = 0;

  [[nodiscard]] constexpr bool is_known() const { return !name.empty(); }
  [[nodiscard]] constexpr bool has(OpcodeTrait trait) const { return (traits & trait) != 0; }
};

// What arguments of some opcodes are numbers in, with the texts that `dis` shows; empty where the
// version has no such opcode.
struct ArgumentTexts {
  std::span<const std::string_view> comparisons;
  std::span<const std::string_view> binary_operators;
  std::span<const std::string_view> intrinsics_1;
  std::span<const std::string_view> intrinsics_2;
  std::span<const std::string_view> common_constants;
  std::span<const std::string_view> special_methods;
};

struct OpcodeTable {
  std::uint8_t minor = 0;
  std::uint16_t magic = 0;  // of the version's .pyc files
  std::uint8_t extended_arg = 0;
  ArgumentTexts texts;
  std::array<OpcodeInfo, 256> opcodes{};

  [[nodiscard]] constexpr const OpcodeInfo& operator[](std::uint8_t opcode) const {
    return opcodes[opcode];
  }

  // Whether the interpreter has rewritten the instruction to a form for the types it met. A
  // superinstruction or an instrumented form is not specialised.
  [[nodiscard]] constexpr bool is_specialised(std::uint8_t opcode) const {
    const OpcodeInfo& info = opcodes[opcode];
    return info.is_known() && info.base != opcode && !info.has(kInstrumented) && !info.has(kPair);
  }
};

template <std::size_t N>
[[nodiscard]] constexpr OpcodeTable make_opcode_table(std::uint8_t minor, std::uint16_t magic,
                                                      const OpcodeRow (&rows)[N],
                                                      const ArgumentTexts& texts) {
  OpcodeTable table;
  table.minor = minor;
  table.magic = magic;
  table.texts = texts;
  for (std::size_t opcode = 0; opcode < table.opcodes.size(); ++opcode) {
    table.opcodes[opcode].base = static_cast<std::uint8_t>(opcode);
  }
  for (const OpcodeRow& row : rows) {
    table.opcodes[row.opcode] = {row.name, row.base, row.caches,
                                 static_cast<OpcodeTrait>(row.traits)};
    if (std::string_view(row.name) == "EXTENDED_ARG") {
      table.extended_arg = row.opcode;
    }
  }
  return table;
}

}  // namespace lancehead::code
