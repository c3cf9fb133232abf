#include "code/argument.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace lancehead::code {
namespace {

using Texts = std::span<const std::string_view>;

std::string_view at(Texts texts, std::size_t index) {
  return index < texts.size() ? texts[index] : std::string_view();
}

// Some opcodes keep flags below the number of the name.
struct NameForm {
  unsigned shift = 0;
  std::string_view flagged;         // what stands beside the name where bit 0 is set
  std::string_view second_flagged;  // where bit 1 is
};

NameForm name_form(const OpcodeTable& table, std::string_view opcode) {
  if (opcode == "LOAD_GLOBAL" && table.minor >= 11) {
    return {.shift = 1, .flagged = "NULL"};
  }
  if (opcode == "LOAD_ATTR" && table.minor >= 12) {
    return {.shift = 1, .flagged = "NULL|self"};
  }
  if (opcode == "LOAD_SUPER_ATTR") {
    return {.shift = 2, .flagged = "NULL|self"};
  }
  if (opcode == "IMPORT_NAME" && table.minor >= 15) {
    return {.shift = 2, .flagged = "lazy", .second_flagged = "eager"};
  }
  return {};
}

std::string name_text(const OpcodeTable& table, std::string_view opcode, std::uint32_t arg,
                      Texts names) {
  const NameForm form = name_form(table, opcode);
  const std::string_view name = at(names, arg >> form.shift);
  const std::string_view beside = (arg & 1U) != 0   ? form.flagged
                                  : (arg & 2U) != 0 ? form.second_flagged
                                                    : std::string_view();
  if (name.empty() || beside.empty()) {
    return std::string(name);
  }
  return table.minor >= 13 ? fmt::format("{} + {}", name, beside)
                           : fmt::format("{} + {}", beside, name);
}

std::string comparison_text(const OpcodeTable& table, std::uint32_t arg) {
  const std::string_view symbol = comparison_symbol(table, arg);
  return table.minor >= 13 && (arg & 16U) != 0 ? fmt::format("bool({})", symbol)
                                               : std::string(symbol);
}

// Two variables in one argument; no compiler joins more than 16.
std::string pair_text(std::uint32_t arg, Texts variables) {
  return fmt::format("{}, {}", at(variables, arg >> 4U), at(variables, arg & 15U));
}

std::string flags_text(std::uint32_t arg) {
  constexpr std::array<std::string_view, 5> kFlags = {"defaults", "kwdefaults", "annotations",
                                                      "closure", "annotate"};
  std::string text;
  for (std::size_t bit = 0; bit < kFlags.size(); ++bit) {
    if (((arg >> bit) & 1U) != 0) {
      text += (text.empty() ? "" : ", ") + std::string(kFlags[bit]);
    }
  }
  return text;
}

constexpr std::array<std::string_view, 4> kConversions = {"", "str", "repr", "ascii"};

std::string format_text(std::uint32_t arg) {
  std::string text(kConversions[arg & 3U]);
  if ((arg & 4U) != 0) {
    text += text.empty() ? "with format" : ", with format";
  }
  return text;
}

// Opcodes that no list of `dis` holds, by their names.
std::string special_text(const OpcodeTable& table, std::string_view opcode, std::uint32_t arg) {
  const ArgumentTexts& texts = table.texts;
  if (opcode == "BINARY_OP") {
    return std::string(at(texts.binary_operators, arg));
  }
  if (opcode == "CALL_INTRINSIC_1") {
    return std::string(at(texts.intrinsics_1, arg));
  }
  if (opcode == "CALL_INTRINSIC_2") {
    return std::string(at(texts.intrinsics_2, arg));
  }
  if (opcode == "LOAD_COMMON_CONSTANT") {
    return std::string(at(texts.common_constants, arg));
  }
  if (opcode == "LOAD_SPECIAL") {
    return std::string(at(texts.special_methods, arg));
  }
  if (opcode == "FORMAT_VALUE") {
    return format_text(arg);
  }
  if (opcode == "CONVERT_VALUE") {
    return std::string(at(kConversions, arg));
  }
  if (opcode == "MAKE_FUNCTION" || opcode == "SET_FUNCTION_ATTRIBUTE") {
    return flags_text(arg);
  }
  if (table.minor >= 14 && opcode == "IS_OP") {
    return arg != 0 ? "is not" : "is";
  }
  if (table.minor >= 14 && opcode == "CONTAINS_OP") {
    return arg != 0 ? "not in" : "in";
  }
  return {};
}

bool joins_two(std::string_view opcode) {
  return opcode == "LOAD_FAST_LOAD_FAST" || opcode == "STORE_FAST_LOAD_FAST" ||
         opcode == "STORE_FAST_STORE_FAST" || opcode == "LOAD_FAST_BORROW_LOAD_FAST_BORROW";
}

}  // namespace

// From 3.12 on the low bits hold what the interpreter wants to know quickly.
std::string_view comparison_symbol(const OpcodeTable& table, std::uint32_t arg) {
  const unsigned shift = table.minor >= 13 ? 5 : table.minor == 12 ? 4 : 0;
  return at(table.texts.comparisons, arg >> shift);
}

std::size_t count_locals(const OpcodeTable& table, std::span<const Instruction> instructions,
                         Texts names, Texts variables) {
  if (table.minor >= 11) {
    return 0;
  }
  std::size_t cells = 0;
  std::size_t used_locals = 0;
  for (const Instruction& one : instructions) {
    const std::size_t counted = std::size_t{one.arg} + 1;
    cells = table[one.base].has(kCell) ? std::max(cells, counted) : cells;
    used_locals = table[one.base].has(kLocal) ? std::max(used_locals, counted) : used_locals;
  }
  const bool finds_class = !variables.empty() && variables.back() == "__class__" &&
                           std::ranges::find(names, "super") != names.end();
  if (finds_class && used_locals + cells < variables.size()) {
    ++cells;
  }
  return variables.size() - std::min(variables.size(), cells);
}

std::string argument_text(const OpcodeTable& table, const Instruction& instruction,
                          const CodeTexts& texts) {
  const OpcodeInfo& info = table[instruction.base];
  const std::string_view opcode = info.name;
  const std::uint32_t arg = instruction.arg;
  if (!info.has(kHasArg)) {
    return {};
  }
  if (const auto target = jump_target(table, instruction)) {
    return fmt::format("{} {}", opcode == "END_ASYNC_FOR" ? "from" : "to", *target);
  }
  if (info.has(kConstant)) {
    return std::string(at(texts.constants, arg));
  }
  if (info.has(kName)) {
    return name_text(table, opcode, arg, texts.names);
  }
  if (joins_two(opcode)) {
    return pair_text(arg, texts.variables);
  }
  if (info.has(kLocal)) {
    return std::string(at(texts.variables, arg));
  }
  if (info.has(kCell)) {
    return std::string(at(texts.variables, texts.locals + arg));
  }
  if (info.has(kComparison)) {
    return comparison_text(table, arg);
  }
  return special_text(table, opcode, arg);
}

}  // namespace lancehead::code
