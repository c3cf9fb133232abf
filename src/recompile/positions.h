// Positions of expressions for the hot code of a recording that has none.
#pragma once

#include <string>
#include <vector>

#include "recompile/interpreter.h"
#include "schema/tables.h"

namespace lancehead::recompile {

struct RecoveredPositions {
  // One row for each unit of two bytes that has a position (so also for an instruction's prefix,
  // and its caches), sorted by code and offset.
  std::vector<schema::PositionRow> rows;
  std::size_t wanted = 0;  // code objects without columns on the stacks of samples
  std::size_t recovered = 0;
  std::vector<std::string> notes;  // whole sentences: what is not there, and why
};

// Whether the session has code on sampled stacks whose line tables hold no columns, so that
// recover_positions() would have something to do.
[[nodiscard]] bool needs_positions(const schema::Tables& tables, schema::SessionId session);

// Compiles the sources kept in the recording again with `interpreter`, which has to be of the same
// minor version as the session's own. Never fails: what could not be done is in the notes, and
// those expressions are simply not known.
[[nodiscard]] RecoveredPositions recover_positions(const schema::Tables& tables,
                                                   schema::SessionId session,
                                                   const Interpreter& interpreter,
                                                   const Limits& limits = {});

}  // namespace lancehead::recompile
