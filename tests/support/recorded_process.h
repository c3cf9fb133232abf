// What the reader of interpreters finds in a process, in words: for images of real processes, whose
// interpreters have said the same words of themselves (tests/tools/waiting_program.py).
//
// One line for each fact, sorted by their bytes, with "\\n" for a line break within:
//   interpreters 0 1
//   stack OUTERMOST (FILE:LINE) > … > LEAF (FILE:LINE)      one for each thread that has frames
//   threads waiting COUNT                                   those threads
//   thread name NAME                                        of each that `threading` knows
//   code QUALIFIED_NAME FACT VALUE                          of each code object on a stack
#pragma once

#include <optional>
#include <string>

#include "base/fault.h"
#include "python/code_object.h"
#include "python/layout.h"
#include "python/stack.h"
#include "target/memory.h"
#include "target/recorded_memory.h"

namespace lancehead::testing {

// The numbers that an image of a Python process is marked with.
inline constexpr auto kRuntimeMark = "runtime";  // the address of _PyRuntime
inline constexpr auto kVersionMark = "version";  // PY_VERSION_HEX

struct PythonProcess {
  target::Address runtime;
  python::Layout layout;
};

// The layout as RuntimeFinder chooses it, once the runtime and its version are known: from 3.13 on
// the process describes itself. Nothing where it does so badly.
[[nodiscard]] std::optional<PythonProcess> describe_recorded(target::RecordedMemory& memory);

// The frames of one thread, leaf first.
[[nodiscard]] Faulty<python::RawStack> read_stack(target::Memory& memory,
                                                  const python::Layout& layout,
                                                  target::Address thread);

[[nodiscard]] Faulty<std::string> describe_in_words(target::Memory& memory,
                                                    const PythonProcess& process);

// "NAME (FILE:LINE)"; a fault where the code object cannot be read.
[[nodiscard]] Faulty<std::string> frame_in_words(target::Memory& memory,
                                                 const python::Layout& layout,
                                                 const python::RawFrame& frame);

}  // namespace lancehead::testing
