// The opcodes of each supported version of CPython.
#pragma once

#include "code/opcode_table.h"
#include "code/python_version.h"

namespace lancehead::code {

// The table of the version, or nullptr where we have none (a version that is too new).
[[nodiscard]] const OpcodeTable* opcodes_of(PythonVersion version);

// Written by tools/generate_opcodes.py.
[[nodiscard]] const OpcodeTable& opcodes_3_8();
[[nodiscard]] const OpcodeTable& opcodes_3_9();
[[nodiscard]] const OpcodeTable& opcodes_3_10();
[[nodiscard]] const OpcodeTable& opcodes_3_11();
[[nodiscard]] const OpcodeTable& opcodes_3_12();
[[nodiscard]] const OpcodeTable& opcodes_3_13();
[[nodiscard]] const OpcodeTable& opcodes_3_14();
[[nodiscard]] const OpcodeTable& opcodes_3_15();

}  // namespace lancehead::code
