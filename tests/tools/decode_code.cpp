// Shows what src/code reads out of the bytes of code objects, for the end-to-end tests to compare
// with what the interpreter itself says of them.
//
// One request on each line of the standard input, one line of answer for each:
//
//     positions HEXVERSION FIRST_LINE CODE_SIZE TABLE   ->  UNITS*LINE,END_LINE,COLUMN,END_COLUMN …
//     instructions HEXVERSION BYTECODE                  ->  OFFSET:NAME:ARG:SIZE:TARGET …
//     deopt HEXVERSION BYTECODE                         ->  BYTECODE
//     arguments HEXVERSION BYTECODE NAMES VARIABLES     ->  OFFSET:TEXT …
//     handlers HEXVERSION TABLE                         ->  BEGIN,END,TARGET,DEPTH,LASTI …
//
// Names are texts in hexadecimal with commas between them, and so is the TEXT of an argument; the
// constants are named k0, k1 and so on.
//
// Bytes are written in hexadecimal, `-` where there are none; `-` also stands for no line, column
// or target. A unit is two bytes.
#include <fmt/format.h>

#include <cstdint>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "code/argument.h"
#include "code/exception_table.h"
#include "code/instructions.h"
#include "code/line_table.h"

namespace lancehead::code {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string optional_number(std::uint32_t value, std::uint32_t none) {
  return value == none ? "-" : std::to_string(value);
}

std::string place(const std::optional<PositionRange>& range) {
  if (!range) {
    return "?";
  }
  return fmt::format("{},{},{},{}", optional_number(range->line, kNoLine),
                     optional_number(range->end_line, kNoLine),
                     optional_number(range->column, kNoColumn),
                     optional_number(range->end_column, kNoColumn));
}

std::string positions(PythonVersion version, std::istream& request) {
  std::uint32_t first_line = 0;
  std::uint32_t code_size = 0;
  std::string table;
  request >> first_line >> code_size >> table;
  const PositionTable decoded =
      decode_line_table(line_table_format(version), from_hex(table), first_line, code_size);
  std::string answer = decoded.is_damaged() ? "damaged " : "";
  std::string last;
  std::uint32_t count = 0;
  for (std::uint32_t offset = 0; offset <= code_size; offset += 2) {
    const std::string here = offset < code_size ? place(decoded.lookup(offset)) : std::string();
    if (here != last && count != 0) {
      answer += fmt::format("{}*{} ", count, last);
      count = 0;
    }
    last = here;
    ++count;
  }
  return answer;
}

std::string walk(const OpcodeTable& table, std::istream& request) {
  std::string bytecode;
  request >> bytecode;
  std::string answer;
  for (const Instruction& one : instructions(table, from_hex(bytecode))) {
    const auto target = jump_target(table, one);
    answer += fmt::format("{}:{}:{}:{}:{} ", one.offset, opcode_name(table, one.opcode), one.arg,
                          one.size, target ? std::to_string(*target) : "-");
  }
  return answer;
}

std::vector<std::string> texts_from_hex(const std::string& words) {
  std::vector<std::string> texts;
  std::istringstream stream(words);
  for (std::string word; std::getline(stream, word, ',');) {
    const Bytes bytes = from_hex(word);
    texts.emplace_back(bytes.begin(), bytes.end());
  }
  return texts;
}

std::string arguments(const OpcodeTable& table, std::istream& request) {
  constexpr std::size_t kConstants = 4096;
  std::string bytecode;
  std::string name_words;
  std::string variable_words;
  request >> bytecode >> name_words >> variable_words;
  const auto names = texts_from_hex(name_words == "-" ? "" : name_words);
  const auto variables = texts_from_hex(variable_words == "-" ? "" : variable_words);
  std::vector<std::string> constants;
  for (std::size_t i = 0; i < kConstants; ++i) {
    constants.push_back("k" + std::to_string(i));
  }
  const auto views = [](const std::vector<std::string>& texts) {
    return std::vector<std::string_view>(texts.begin(), texts.end());
  };
  const auto constant_views = views(constants);
  const auto name_views = views(names);
  const auto variable_views = views(variables);
  const auto all = instructions(table, from_hex(bytecode));
  const CodeTexts texts{.constants = constant_views,
                        .names = name_views,
                        .variables = variable_views,
                        .locals = count_locals(table, all, name_views, variable_views)};
  std::string answer;
  for (const Instruction& one : all) {
    answer += fmt::format("{}:", one.offset);
    for (const char c : argument_text(table, one, texts)) {
      answer += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    answer += ' ';
  }
  return answer;
}

std::string handlers(std::istream& request) {
  std::string table;
  request >> table;
  std::string answer;
  for (const ExceptionEntry& one : decode_exception_table(from_hex(table == "-" ? "" : table))) {
    answer += fmt::format("{},{},{},{},{} ", one.begin, one.end, one.target, one.depth,
                          one.pushes_offset ? 1 : 0);
  }
  return answer;
}

std::string base_form(const OpcodeTable& table, std::istream& request) {
  std::string bytecode;
  request >> bytecode;
  const BaseBytecode base = deopt(table, from_hex(bytecode));
  std::string answer = base.complete ? "" : "incomplete ";
  for (const std::uint8_t byte : base.bytes) {
    answer += fmt::format("{:02x}", byte);
  }
  return answer;
}

std::string answer(const std::string& line) {
  std::istringstream request(line);
  std::string verb;
  std::uint32_t hex = 0;
  request >> verb >> std::hex >> hex >> std::dec;
  const PythonVersion version = PythonVersion::from_hex(hex);
  if (verb == "positions") {
    return positions(version, request);
  }
  const OpcodeTable* table = opcodes_of(version);
  if (table == nullptr) {
    return "no opcodes for " + to_string(version);
  }
  if (verb == "arguments") {
    return arguments(*table, request);
  }
  if (verb == "handlers") {
    return handlers(request);
  }
  return verb == "deopt" ? base_form(*table, request) : walk(*table, request);
}

}  // namespace
}  // namespace lancehead::code

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << lancehead::code::answer(line) << '\n';
  }
}
