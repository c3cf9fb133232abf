#include "code/opcodes.h"

namespace lancehead::code {

const OpcodeTable* opcodes_of(PythonVersion version) {
  if (version.major != 3) {
    return nullptr;
  }
  switch (version.minor) {
    case 8: return &opcodes_3_8();
    case 9: return &opcodes_3_9();
    case 10: return &opcodes_3_10();
    case 11: return &opcodes_3_11();
    case 12: return &opcodes_3_12();
    case 13: return &opcodes_3_13();
    case 14: return &opcodes_3_14();
    case 15: return &opcodes_3_15();
    default: return nullptr;
  }
}

}  // namespace lancehead::code
