#include "sense/expected_frames.h"

#include <algorithm>

#include "python/frame_copy.h"

namespace lancehead::sense {
namespace {

using target::Address;

constexpr int kForgetEvery = 64;  // looks

// Frames outside the data stack, beyond twice the depth of the stack.
constexpr std::size_t kMostKept = 64;

// Frames near the leaf that are not in the stack now, but were lately.
constexpr std::size_t kMostAlternatives = 8;

}  // namespace

void ExpectedFrames::clear() {
  frames_.clear();
  met_.clear();
}

void ExpectedFrames::note_met(const python::FrameCopy& copy, std::size_t first) {
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    met_[i] = met_[i] || copy.was_used(first + i);
  }
}

bool ExpectedFrames::forget_unmet() {
  if (frames_.empty() || --until_forgetting_ > 0) {
    return false;
  }
  until_forgetting_ = kForgetEvery;
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
  note_met(copy, first);
  bool changed = forget_unmet();
  if (!copy.fetched().empty()) {
    frames_.insert(frames_.end(), copy.fetched().begin(), copy.fetched().end());
    // Those that came first are forgotten first.
    if (frames_.size() > kMostKept && frames_.size() > 2 * depth) {
      frames_.assign(copy.fetched().begin(), copy.fetched().end());
    }
    met_.assign(frames_.size(), true);
    changed = true;
  }
  return changed;
}

bool ExpectedFrames::learn_chain(const python::FrameCopy& copy, const python::RawStack& stack) {
  note_met(copy, 0);
  if (holds_in_order(stack)) {
    return forget_unmet();
  }
  expect_chain(stack);
  met_.assign(frames_.size(), true);
  return true;
}

bool ExpectedFrames::holds_in_order(const python::RawStack& stack) const {
  auto rest = frames_.begin();
  return std::ranges::all_of(stack, [&](const python::RawFrame& frame) {
    rest = std::find(rest, frames_.end(), frame.frame);
    return rest != frames_.end() && (++rest, true);
  });
}

void ExpectedFrames::expect_chain(const python::RawStack& stack) {
  const std::size_t most = std::min(stack.size(), frames_.size());
  std::size_t common = 0;
  while (common < most &&
         stack[stack.size() - 1 - common].frame == frames_[frames_.size() - 1 - common]) {
    ++common;
  }
  const auto changed = std::span(stack).first(stack.size() - common);
  std::vector<Address> frames;
  frames.reserve(stack.size() + kMostAlternatives);
  for (const python::RawFrame& frame : changed) {
    frames.push_back(frame.frame);
  }
  const auto replaced = std::span(frames_).first(frames_.size() - common);
  if (changed.size() <= kMostKept) {
    for (const Address frame : replaced) {
      if (frames.size() < changed.size() + kMostAlternatives &&
          std::ranges::find(changed, frame, &python::RawFrame::frame) == changed.end()) {
        frames.push_back(frame);
      }
    }
  }
  for (const python::RawFrame& frame : std::span(stack).subspan(changed.size())) {
    frames.push_back(frame.frame);
  }
  frames_ = std::move(frames);
}

}  // namespace lancehead::sense
