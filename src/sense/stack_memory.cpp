#include "sense/stack_memory.h"

#include <algorithm>

namespace lancehead::sense {
namespace {

// Frames above the leaf whose code is checked at each look although they did not move.
constexpr std::size_t kInTurn = 12;

// Within this time a frame that did not move is believed to run the same code. Looks at the usual
// rates are further apart; it saves most of the work of those that follow each other at once.
constexpr Nanoseconds kBelieved = std::chrono::microseconds(200);

}  // namespace

std::size_t StackMemory::common_with_last(const python::RawStack& stack) const {
  const std::size_t most = std::min(stack.size(), last_.size());
  std::size_t common = 0;
  while (common < most && stack[stack.size() - 1 - common] == last_[common]) {
    ++common;
  }
  return common;
}

RefreshPlan StackMemory::plan_refresh(const python::RawStack& stack, Nanoseconds now) {
  const std::size_t changed = stack.size() - common_with_last(stack);
  const std::span<const python::RawFrame> all(stack);
  const std::size_t first = std::min(stack.size(), std::max<std::size_t>(changed, 1));
  if (now - refreshed_ < kBelieved) {
    return {.now = all.first(first), .next = all.first(std::min<std::size_t>(all.size(), 1))};
  }
  refreshed_ = now;
  if (stack.size() <= 1 + kInTurn) {
    return {.now = all, .next = all};
  }
  chosen_.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
  add_turn(stack, chosen_);
  turn_ = (turn_ + kInTurn) % (stack.size() - 1);
  next_.assign(1, stack.front());
  add_turn(stack, next_);
  return {.now = chosen_, .next = next_};
}

void StackMemory::add_turn(const python::RawStack& stack,
                           std::vector<python::RawFrame>& frames) const {
  for (std::size_t i = 0; i < kInTurn; ++i) {
    frames.push_back(stack[1 + (turn_ + i) % (stack.size() - 1)]);
  }
}

schema::StackId StackMemory::resolve(const python::RawStack& stack, CodeCache& codes,
                                     CaptureLog& log) {
  // Where an address turned out to hold other code than before, what stands where it stood may be
  // another function all the same.
  if (codes.replaced() != seen_replaced_) {
    seen_replaced_ = codes.replaced();
    last_.clear();
  }
  const std::size_t common = common_with_last(stack);
  last_.resize(common);
  last_ids_.resize(common);
  schema::StackId id = common == 0 ? schema::StackId() : last_ids_.back();
  for (std::size_t i = common; i < stack.size(); ++i) {
    const python::RawFrame& frame = stack[stack.size() - 1 - i];
    id = log.stack(id, codes.frame(frame));
    last_.push_back(frame);
    last_ids_.push_back(id);
  }
  return id;
}

}  // namespace lancehead::sense
