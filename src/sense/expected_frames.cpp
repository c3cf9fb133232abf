#include "sense/expected_frames.h"

#include <algorithm>

#include "python/frame_copy.h"

namespace lancehead::sense {
namespace {

using target::Address;

constexpr int kForgetEvery = 64;  // looks

// Frames outside the data stack, beyond twice the depth of the stack.
constexpr std::size_t kMostKept = 64;

}  // namespace

void ExpectedFrames::clear() {
  frames_.clear();
  met_.clear();
}

bool ExpectedFrames::forget_unmet() {
  if (met_.empty() || ++looks_ < kForgetEvery) {
    return false;
  }
  looks_ = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    if (met_[i]) {
      frames_[kept++] = frames_[i];
    }
  }
  const bool changed = kept < frames_.size();
  frames_.resize(kept);
  met_.assign(kept, false);
  return changed;
}

bool ExpectedFrames::learn_from_walk(const python::FrameCopy& copy, std::size_t first,
                                     std::size_t depth) {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    met_[i] = met_[i] || copy.was_used(first + i);
  }
  if (copy.fetched().empty()) {
    return false;
  }
  frames_.insert(frames_.end(), copy.fetched().begin(), copy.fetched().end());
  // Those that came first are forgotten first.
  if (frames_.size() > kMostKept && frames_.size() > 2 * depth) {
    frames_.assign(copy.fetched().begin(), copy.fetched().end());
  }
  met_.assign(frames_.size(), true);
  return true;
}

bool ExpectedFrames::learn_chain(const python::RawStack& stack) {
  if (std::ranges::equal(frames_, stack, {}, {}, &python::RawFrame::frame)) {
    return false;
  }
  frames_.clear();
  for (const python::RawFrame& frame : stack) {
    frames_.push_back(frame.frame);
  }
  return true;
}

}  // namespace lancehead::sense
