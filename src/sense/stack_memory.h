// Remembers the last stack of a thread, so that only what changed is resolved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "python/stack.h"
#include "schema/tables.h"
#include "sense/code_cache.h"

namespace lancehead::sense {

class StackMemory {
 public:
  // The frames of `stack` (leaf first) whose code is to be refreshed: the leaf and those that are
  // not where they were; and unless that was just done, of the rest a part in turn.
  [[nodiscard]] std::span<const python::RawFrame> to_refresh(const python::RawStack& stack,
                                                             Nanoseconds now);

  // The row of the whole stack.
  [[nodiscard]] schema::StackId resolve(const python::RawStack& stack, CodeCache& codes,
                                        CaptureLog& log);

 private:
  [[nodiscard]] std::size_t common_with_last(const python::RawStack& stack) const;

  python::RawStack last_;                  // root first
  std::vector<schema::StackId> last_ids_;  // of the stack up to each frame of last_
  std::vector<python::RawFrame> chosen_;
  std::size_t turn_ = 0;
  Nanoseconds refreshed_{};
  std::uint64_t seen_replaced_ = 0;
};

}  // namespace lancehead::sense
