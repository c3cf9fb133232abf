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

// Frames whose code is to be refreshed (CodeCache::refresh), and those for which that will most
// likely be done at the next look. Good until the next plan.
struct RefreshPlan {
  std::span<const python::RawFrame> now;
  std::span<const python::RawFrame> next;
};

class StackMemory {
 public:
  // For `stack`, leaf first: the leaf and the frames that are not where they were; and unless that
  // was just done, of the rest a part in turn.
  [[nodiscard]] RefreshPlan plan_refresh(const python::RawStack& stack, Nanoseconds now);

  // The row of the whole stack.
  [[nodiscard]] schema::StackId resolve(const python::RawStack& stack, CodeCache& codes,
                                        CaptureLog& log);

 private:
  [[nodiscard]] std::size_t common_with_last(const python::RawStack& stack) const;
  void add_turn(const python::RawStack& stack, std::vector<python::RawFrame>& frames) const;

  python::RawStack last_;                  // root first
  std::vector<schema::StackId> last_ids_;  // of the stack up to each frame of last_
  std::vector<python::RawFrame> chosen_;
  std::vector<python::RawFrame> next_;
  std::size_t turn_ = 0;
  Nanoseconds refreshed_{};
  std::uint64_t seen_replaced_ = 0;
};

}  // namespace lancehead::sense
