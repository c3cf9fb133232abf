// The trees of calls as a reader of the share finds them. Everything in it may be wrong, like all
// that comes from the observed process: what does not add up is left out.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/share_reader.h"

namespace lancehead::agent {

// A path of calls: that of `parent`, which comes before it, and then `callee`.
struct ReadCall {
  static constexpr std::uint32_t kRoot = 0xFFFFFFFF;

  std::uint32_t parent = kRoot;
  std::uint32_t callee = 0;  // kNoCallee where it has no name
  std::uint64_t count = 0;
  std::uint64_t ticks = 0;  // until return, or until `end` of those that have not returned
  std::uint64_t open = 0;   // how many have not
};

struct ReadCallThread {
  std::uint64_t kernel_id = 0;
  std::uint64_t lost = 0;
  std::uint64_t dropped = 0;
  std::uint64_t unmatched = 0;
  std::vector<ReadCall> calls;  // callers first
};

// `end` is when calls that are open are taken to have ended, unless the thread says when it did.
[[nodiscard]] ReadCallThread read_calls(const ShareReader& share,
                                        const ShareReader::CallSegments& segments,
                                        std::uint64_t end);

}  // namespace lancehead::agent
