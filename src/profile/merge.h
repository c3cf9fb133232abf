// Several recordings as one: of the processes of one program, or of several runs.
#pragma once

#include <span>

#include "schema/tables.h"

namespace lancehead::profile {

// The rows of all recordings, with their ids renumbered.
//
// Texts, sources, positions, frames, stacks and metrics that are equal become one row. Code objects
// are one when their content hashes are equal; the first stands for all, and its positions are
// kept. Sessions, contexts and events all stay. Moments count from the beginning of the recording
// that began first by the wall clock; a recording without a session keeps its own moments.
//
// Every id of a recording must be none or a row that is there, as record::read() leaves them.
[[nodiscard]] schema::Tables merge(std::span<const schema::Tables> recordings);

}  // namespace lancehead::profile
