// Collapsed stacks, as flame-graph tools read them: `root;caller;leaf MICROSECONDS` on each line.
#pragma once

#include <cstdint>
#include <string>

#include "analyze/selection.h"
#include "profile/profile.h"

namespace lancehead::show {

// What is put at the root of each stack.
enum class CollapsedRoots : std::uint8_t { none, thread, process };

// Frames are `function (file.py:line)`, the line being that of the instruction. A semicolon in a
// name becomes a comma, control characters become visible. Lines are sorted; the counts are
// microseconds of the selection's clock, so that unequal weights of samples hold.
[[nodiscard]] std::string collapsed_stacks(const profile::Profile& profile,
                                           const analyze::Selection& selection,
                                           CollapsedRoots roots);

}  // namespace lancehead::show
