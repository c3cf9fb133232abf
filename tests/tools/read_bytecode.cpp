// Shows to the end-to-end tests how hot code was specialised, in a recording of one process:
//
//     read_bytecode RECORDING
//
// A line for each state that was recorded, in their order: the time in ns, the name of the
// function, and the opcodes as found, by their names.
#include <fmt/format.h>

#include <iostream>
#include <string>

#include "code/instructions.h"
#include "code/opcodes.h"
#include "record/reader.h"

namespace {

using lancehead::schema::Tables;

int print(const Tables& tables) {
  if (tables.sessions.size() == 0) {
    std::cerr << "There is no session in the recording.\n";
    return 1;
  }
  const auto version = lancehead::code::PythonVersion::from_hex(tables.sessions.python_version[0]);
  const auto* opcodes = lancehead::code::opcodes_of(version);
  const auto& states = tables.bytecode_states;
  for (std::size_t i = 0; opcodes != nullptr && i < states.size(); ++i) {
    const auto name = tables.codes.name[states.code[i].row()];
    const std::string_view bytecode = states.bytecode[i];
    fmt::print("{} {}", states.time[i], tables.strings.text[name.row()]);
    for (const auto& instruction : lancehead::code::instructions(
             *opcodes, {reinterpret_cast<const std::uint8_t*>(bytecode.data()), bytecode.size()})) {
      fmt::print(" {}", lancehead::code::opcode_name(*opcodes, instruction.opcode));
    }
    fmt::print("\n");
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "read_bytecode needs the path of a recording.\n";
    return 2;
  }
  const auto recording = lancehead::record::read(arguments[1]);
  if (!recording) {
    std::cerr << recording.error().what << '\n';
    return 1;
  }
  return print(recording->tables);
}
