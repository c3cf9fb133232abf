// Moves the entries of a raw line table to where their instructions went.
//
// Entry after entry is kept as it is but for its length: a decoded table says less than the raw one
// (line 0 of the RESUME of a module, columns without a line), and tracers see the difference.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "code/line_table.h"

namespace lancehead::code {

// `moved` gives for each byte offset of the old code (its size included) the offset in the new
// code; it must grow with its argument. `tail` bytes behind the last moved instruction get no line
// (up to 3.9, where every instruction has one, the last line).
[[nodiscard]] std::vector<std::uint8_t> shift_line_table(
    LineTableFormat format, std::span<const std::uint8_t> table, std::uint32_t code_size,
    const std::function<std::uint32_t(std::uint32_t)>& moved, std::uint32_t tail);

}  // namespace lancehead::code
