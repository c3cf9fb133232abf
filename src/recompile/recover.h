// Has an interpreter compile source files again, and brings back the positions of instructions.
#pragma once

#include <vector>

#include "base/result.h"
#include "code/python_version.h"
#include "recompile/interpreter.h"
#include "recompile/protocol.h"

namespace lancehead::recompile {

struct Request {
  code::PythonVersion version;  // of the interpreter that ran the code
  Interpreter interpreter;
  std::vector<WantedFile> files;  // the most important ones first, for time is limited
  Limits limits;
};

struct Response {
  std::vector<FileAnswer> files;  // one for each that was asked for, in the same order
};

// Compiles the files in a helper process, which never runs anything of them. A file that breaks the
// helper, or takes too long, only costs itself. Fails where the interpreter cannot be started or is
// of another kind than the one that ran the code.
[[nodiscard]] Result<Response> recover(const Request& request);

}  // namespace lancehead::recompile
