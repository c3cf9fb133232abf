// The exception table of a code object (3.11 and later): which handler guards which instructions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lancehead::code {

// Offsets are bytes into the bytecode. An exception at an instruction in [begin, end) cuts the value
// stack to `depth` and goes on at `target`; `keeps_offset` says that the offset is pushed first.
struct Guard {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t target = 0;
  std::uint32_t depth = 0;
  bool keeps_offset = false;

  bool operator==(const Guard&) const = default;
};

// Nothing where the table is not what a compiler writes: cut off, or not sorted.
[[nodiscard]] std::optional<std::vector<Guard>> decode_exception_table(
    std::span<const std::uint8_t> table);

// `guards` must be sorted by `begin` and disjoint.
[[nodiscard]] std::vector<std::uint8_t> encode_exception_table(std::span<const Guard> guards);

}  // namespace lancehead::code
