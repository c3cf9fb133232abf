#include "code/specialisation.h"

#include <algorithm>
#include <array>

#include "code/argument.h"

namespace lancehead::code {
namespace {

// The counter in the first unit of a cache: how often to wait before the next attempt, and in its
// low bits how often that has been doubled.
// Source: Include/internal/pycore_code.h, from 3.13 on pycore_backoff.h.
struct Backoff {
  unsigned bits = 4;
  unsigned start = 1;
  unsigned most = 12;
};

Backoff backoff_of(std::uint8_t minor) {
  if (minor == 11) {
    return {.bits = 4, .start = 5, .most = 12};
  }
  return minor >= 15 ? Backoff{.bits = 3, .start = 1, .most = 6} : Backoff{};
}

bool changes_for_no_type(std::string_view opcode) {
  constexpr std::array<std::string_view, 4> kNames = {"RESUME", "JUMP_BACKWARD", "LOAD_CONST",
                                                      "EXTENDED_ARG"};
  return std::ranges::find(kNames, opcode) != kNames.end();
}

FoundForm not_specialised(const OpcodeTable& table, std::span<const std::uint8_t> bytecode,
                          const Instruction& instruction, std::uint8_t opcode) {
  FoundForm found{.form = Form::adaptive, .opcode = opcode};
  // 3.11 has an opcode for code that counts; before that there is no counter yet.
  const bool counts = table.minor >= 12 || table[opcode].name.ends_with("_ADAPTIVE");
  const std::size_t cache = std::size_t{instruction.offset} + 2;
  if (counts && table[instruction.base].caches > 0 && cache + 2 <= bytecode.size()) {
    const Backoff backoff = backoff_of(table.minor);
    const unsigned doubled = bytecode[cache] & ((1U << backoff.bits) - 1);
    found.failures = doubled > backoff.start ? doubled - backoff.start : 0;
    found.form = doubled >= backoff.most ? Form::gave_up : Form::adaptive;
  }
  return found;
}

// Found by trying all operators with operands of many types on each version.
std::optional<std::string_view> binary_operands(const OpcodeTable& table, std::uint32_t arg) {
  const auto symbols = table.texts.binary_operators;
  if (arg >= symbols.size()) {
    return std::nullopt;
  }
  std::string_view symbol = symbols[arg];
  if (symbol.ends_with('=')) {
    symbol.remove_suffix(1);
  }
  const bool mixes = table.minor >= 14;
  if (symbol == "+" && table.minor >= 15) {
    return "two int, two float, an int and a float, or two str, list, tuple or bytes";
  }
  if (symbol == "+") {
    return mixes ? "two int, two float, two str, or an int and a float"
                 : "two int, two float, or two str";
  }
  if (symbol == "*" && table.minor >= 15) {
    return "two int, two float, an int and a float, or an int and a str, tuple or bytes";
  }
  if (symbol == "-" || symbol == "*") {
    return mixes ? "two int, two float, or an int and a float" : "two int or two float";
  }
  if (mixes && symbol == "/") {
    return "an int and a float";
  }
  if (mixes && (symbol == "&" || symbol == "|" || symbol == "^")) {
    return symbol == "|" && table.minor >= 15 ? "two small int or two dict" : "two small int";
  }
  if (symbol == "[]") {
    return std::nullopt;  // a class with __getitem__ may do, or not
  }
  return "";
}

std::string_view comparison_operands(const OpcodeTable& table, std::uint32_t arg) {
  const std::string_view symbol = comparison_symbol(table, arg);
  const bool compares_texts = symbol == "==" || symbol == "!=";
  if (table.minor == 11) {
    return compares_texts ? "two small int, two float, or two str, with a jump behind it"
                          : "two small int or two float, with a jump behind it";
  }
  return compares_texts ? "two small int, two float, or two str" : "two small int or two float";
}

}  // namespace

std::string_view to_string(Form form) {
  switch (form) {
    case Form::generic: return "generic";
    case Form::specialised: return "specialised";
    case Form::adaptive: return "adaptive";
    case Form::gave_up: return "gave_up";
    case Form::paired: return "paired";
    case Form::covered: return "covered";
    case Form::compiled: return "compiled";
    case Form::instrumented: return "instrumented";
    case Form::hidden: return "hidden";
  }
  return "";
}

bool can_specialise(const OpcodeTable& table, std::uint8_t base) {
  if (changes_for_no_type(table[base].name)) {
    return false;
  }
  for (unsigned opcode = 0; opcode < table.opcodes.size(); ++opcode) {
    const auto form = static_cast<std::uint8_t>(opcode);
    if (table[form].base == base && table.is_specialised(form)) {
      return true;
    }
  }
  return false;
}

std::optional<FoundForm> form_at(const OpcodeTable& table, std::span<const std::uint8_t> bytecode,
                                 const Instruction& instruction) {
  if (instruction.offset >= bytecode.size()) {
    return std::nullopt;
  }
  const std::uint8_t opcode = bytecode[instruction.offset];
  const OpcodeInfo& info = table[opcode];
  const auto is = [opcode](Form form) { return FoundForm{.form = form, .opcode = opcode}; };
  if (info.has(kHides)) {
    return is(info.name == "ENTER_EXECUTOR" ? Form::compiled : Form::hidden);
  }
  if (info.base != instruction.base) {
    return std::nullopt;  // this is not the code that it was taken for
  }
  if (info.has(kInstrumented)) {
    return is(Form::instrumented);
  }
  if (info.has(kPair) && opcode != info.base) {
    return is(Form::paired);
  }
  if (!can_specialise(table, instruction.base)) {
    return is(Form::generic);
  }
  if (table.is_specialised(opcode) && !info.name.ends_with("_ADAPTIVE")) {
    return is(Form::specialised);
  }
  if (specialised_operands(table, instruction) == "") {
    return is(Form::generic);  // 3.11 takes the counter away, later versions go on trying in vain
  }
  return not_specialised(table, bytecode, instruction, opcode);
}

std::optional<std::string_view> specialised_operands(const OpcodeTable& table,
                                                     const Instruction& instruction) {
  const std::string_view opcode = table[instruction.base].name;
  if (opcode == "BINARY_OP") {
    return binary_operands(table, instruction.arg);
  }
  if (opcode == "COMPARE_OP") {
    return comparison_operands(table, instruction.arg);
  }
  if (opcode == "CONTAINS_OP") {
    return "a dict, set or frozenset on the right";
  }
  if (opcode == "FOR_ITER") {
    return table.minor >= 15 ? "a list, tuple, range, generator, str or bytes"
                             : "a list, tuple, range or generator";
  }
  return std::nullopt;
}

}  // namespace lancehead::code
