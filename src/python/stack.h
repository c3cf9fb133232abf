// A Python stack as it stands in memory: addresses only, nothing resolved.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "target/memory.h"

namespace lancehead::python {

struct RawFrame {
  target::Address frame;
  target::Address code;
  // As stored: bytes (3.8, 3.9) or units (3.10) into the bytecode; an address from 3.11 on.
  std::uint64_t instruction = 0;

  bool operator==(const RawFrame&) const = default;
};

// Frames from leaf to root.
using RawStack = std::vector<RawFrame>;

// Stacks deeper than this are cut at the root end.
inline constexpr std::size_t kMostFrames = std::size_t{1} << 20U;

}  // namespace lancehead::python
