// The exception table of a code object (3.11 and later): which handler covers which instructions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lancehead::code {

// An exception in [begin, end) goes on at `target`, with `depth` items left on the stack. All three
// are byte offsets.
struct ExceptionEntry {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t target = 0;
  std::uint32_t depth = 0;
  bool pushes_offset = false;  // of the instruction that raised; `lasti` in dis

  bool operator==(const ExceptionEntry&) const = default;
};

// Never fails: what stands behind a damaged entry is left out.
[[nodiscard]] std::vector<ExceptionEntry> decode_exception_table(
    std::span<const std::uint8_t> table);

// `entries` must be sorted by `begin` and disjoint. What a compiler wrote is decoded and encoded to the
// same bytes.
[[nodiscard]] std::vector<std::uint8_t> encode_exception_table(
    std::span<const ExceptionEntry> entries);

}  // namespace lancehead::code
