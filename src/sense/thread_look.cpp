#include "sense/thread_look.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "python/code_object.h"

namespace lancehead::sense {
namespace {

using python::Layout;
using target::Address;

// A look whose expectations were wrong is tried again at once with what it learned.
constexpr int kAttempts = 5;

constexpr std::size_t kFirstChunkBytes = 2048;
constexpr std::size_t kChunkStep = 1024;  // sizes grow in steps, so that the batch seldom changes
constexpr std::size_t kChunkSlack = 768;  // frames that may be pushed until the next look

constexpr std::size_t kMostChunkBytes = std::size_t{1} << 26U;
constexpr std::size_t kMostChunks = 65536;
// Of all chunks together; a hundred thousand frames take some twenty megabytes.
constexpr std::size_t kMostStackBytes = std::size_t{1} << 27U;

struct ChunkHead {
  Address previous;
  std::uint64_t size = 0;
  std::uint64_t top = 0;  // in words, of a chunk that has a newer one
};

ChunkHead decode_chunk(const Layout& layout, std::span<const std::byte> bytes) {
  ChunkHead head;
  std::memcpy(&head.previous.value, bytes.data() + layout.chunk.previous.bytes,
              sizeof(std::uint64_t));
  std::memcpy(&head.size, bytes.data() + layout.chunk.size.bytes, sizeof head.size);
  std::memcpy(&head.top, bytes.data() + layout.chunk.top.bytes, sizeof head.top);
  return head;
}

std::size_t rounded(std::size_t bytes) {
  return (bytes + kChunkStep - 1) / kChunkStep * kChunkStep;
}

}  // namespace

ThreadLook::ThreadLook(target::Memory& memory, const Layout& layout, Address thread, Address gil)
    : memory_(memory), layout_(layout), address_(thread), gil_(gil), copy_(memory, layout) {}

ThreadLook::Slot ThreadLook::chunk_slot(const Copy& copy, std::size_t index) const {
  return static_cast<Slot>(copy.first_chunk + index);
}

ThreadLook::Slot ThreadLook::frame_slot(const Copy& copy, std::size_t index) const {
  return static_cast<Slot>(copy.first_chunk + chunks_.size() + index);
}

ThreadLook::Copy ThreadLook::lay_out_copy() {
  Copy copy;
  copy.thread = batch_.add(address_, python::thread_head_size(layout_));
  if (layout_.thread.cframe.present() && !cframe_.is_null()) {
    copy.cframe = batch_.add(cframe_ + layout_.cframe.frame.bytes, sizeof(std::uint64_t));
  }
  copy.first_chunk = batch_.places();
  for (const Chunk& chunk : chunks_) {
    batch_.add(chunk.base, chunk.bytes);
  }
  for (const Address frame : frames_.in_order()) {
    batch_.add(frame, python::frame_head_size(layout_));
  }
  return copy;
}

void ThreadLook::lay_out(int copies) {
  batch_.clear();
  places_.clear();
  // Reading takes the cache line of what is read away from the thread. Its next store there has to
  // wait, and with it all that it stores later: whoever reads the instruction after other things
  // finds the thread too often where it writes to those. So the leaf is read before all else.
  leaf_first_ = Slot::none;
  if (copies == 2 && !leaf_.is_null()) {
    leaf_first_ = batch_.add(leaf_, python::frame_head_size(layout_));
  }
  // Two readings tell by themselves whether the thread stood still.
  gil_first_ = Slot::none;
  if (!gil_.is_null() && copies == 1) {
    gil_first_ = batch_.add(gil_, layout_.gil.cond.bytes);
  }
  for (int i = 0; i < copies; ++i) {
    places_.push_back(lay_out_copy());
  }
  first_code_ = batch_.places();
  for (const ExpectedCode& code : codes_) {
    batch_.add(code.code, python::kCodeHead);
    batch_.add(code.name, python::kNameHead);
  }
  laid_out_codes_ = codes_.size();
  if (!gil_.is_null()) {
    gil_last_ = batch_.add(gil_, layout_.gil.cond.bytes);
  }
  copies_ = copies;
  expectations_changed_ = false;
}

void ThreadLook::expect_nothing() {
  cframe_ = {};
  leaf_ = {};
  chunks_.clear();
  frames_.clear();
  codes_.clear();
  expectations_changed_ = true;
}

void ThreadLook::expect_codes(std::span<const ExpectedCode> codes) {
  if (!std::ranges::equal(codes, codes_)) {
    codes_.assign(codes.begin(), codes.end());
    expectations_changed_ = true;
  }
}

std::optional<CodeHeads> ThreadLook::code_heads(Address code) const {
  // A change of expectations since the look does not move what the look has read.
  for (std::size_t i = 0; batch_.all_read() && i < laid_out_codes_; ++i) {
    const auto slot = static_cast<Slot>(first_code_ + 2 * i);
    if (batch_.address(slot) == code) {
      const auto name = static_cast<Slot>(first_code_ + 2 * i + 1);
      return CodeHeads{batch_.bytes(slot), batch_.bytes(name), batch_.address(name)};
    }
  }
  return std::nullopt;
}

Faulty<Stillness> ThreadLook::look_once() {
  return look(1);
}
Faulty<Stillness> ThreadLook::look_twice() {
  return look(2);
}

Faulty<Stillness> ThreadLook::look(int copies) {
  expectations_changed_ = frames_.forget_unmet() || expectations_changed_;
  first_top_ = top_ = {};
  Fault last = Fault::unmapped;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Faulty<Stillness> looked = try_to_look(copies);
    if (first_top_.is_null()) {
      first_top_ = top_;
    }
    if (looked) {
      return looked;
    }
    last = looked.error();
    if (last == Fault::gone || last == Fault::denied) {
      return looked;
    }
  }
  if (copies == 2 && last == Fault::changed) {
    // What is never twice where it was expected moves.
    return Stillness::moved;
  }
  return std::unexpected(last);
}

// Reads once from where things are expected. Faults: changed, where they were elsewhere, which is
// now expected; unmapped, implausible.
Faulty<Stillness> ThreadLook::try_to_look(int copies) {
  if (expectations_changed_ || copies_ != copies) {
    lay_out(copies);
  }
  target::ReadBatch* const rider = std::exchange(rider_, nullptr);
  const auto read = rider == nullptr ? batch_.read(memory_) : batch_.read(memory_, *rider);
  if (!read) {
    return std::unexpected(read.error());
  }
  if (!batch_.is_read(places_.front().thread)) {
    return std::unexpected(Fault::unmapped);
  }
  if (!batch_.all_read()) {
    // A place where something stood before is no longer mapped: expect nothing and look anew.
    expect_nothing();
    return std::unexpected(Fault::changed);
  }
  if (!gil_.is_null()) {
    gil_after_ = python::decode_gil(layout_, batch_.bytes(gil_last_));
    gil_before_ = gil_first_ == Slot::none ? gil_after_
                                           : python::decode_gil(layout_, batch_.bytes(gil_first_));
  }
  if (copies == 2 && layout_.frames_are_objects()) {
    const Faulty<Stillness> compared = compare_objects();
    return compared ? judge(*compared) : compared;
  }
  if (const Faulty<void> decoded = decode(places_.back()); !decoded) {
    return std::unexpected(decoded.error());
  }
  expect_frames();
  if (copies == 1) {
    return Stillness::assumed;
  }
  if (expectations_changed_) {
    return std::unexpected(Fault::changed);
  }
  return judge(same(places_[0], places_[1]) ? Stillness::proven : Stillness::moved);
}

// Of two readings that were the same, takes the leaf's instruction from where it was read first.
Stillness ThreadLook::judge(Stillness looked) {
  if (looked == Stillness::moved || stack_.empty()) {
    return looked;
  }
  python::RawFrame& leaf = stack_.front();
  const std::span<const std::byte> first = batch_.bytes(leaf_first_);
  const Faulty<const std::byte*> later = copy_.find(leaf.frame);
  if (!later || !same_top(first, std::span(*later, first.size()))) {
    return Stillness::moved;
  }
  leaf.instruction = python::decode_instruction(layout_, first);
  return looked;
}

// The address of the current frame; it is reached through the cframe on 3.11 and 3.12.
Faulty<Address> ThreadLook::top_frame(const Copy& copy) {
  if (!layout_.thread.cframe.present()) {
    return thread_state_.frame;
  }
  if (thread_state_.cframe.is_null()) {
    return Address{};
  }
  if (copy.cframe != Slot::none && thread_state_.cframe == cframe_) {
    return Address{batch_.value<std::uint64_t>(copy.cframe, 0)};
  }
  cframe_ = thread_state_.cframe;
  expectations_changed_ = true;
  return memory_.read_pointer(cframe_ + layout_.cframe.frame.bytes);
}

// Compares the chunks of the data stack with those expected, and mends the expectation. Returns
// whether they are all in the batch, at full length.
Faulty<bool> ThreadLook::follow_chunks(const Copy& copy) {
  if (layout_.frames_are_objects()) {
    return true;
  }
  std::vector<Chunk>& expected = chunks_;
  Address base = thread_state_.chunk;
  std::size_t index = 0;
  bool complete = true;
  std::size_t total = 0;
  for (; !base.is_null() && index < kMostChunks; ++index) {
    const bool here = index < expected.size() && expected[index].base == base && complete;
    ChunkHead head;
    if (here) {
      head = decode_chunk(layout_, batch_.bytes(chunk_slot(copy, index)));
    } else {
      // From here on everything is new: an older chunk never changes its predecessor.
      std::array<std::byte, 24> bytes{};
      if (const auto read = memory_.read(base, bytes); !read) {
        return std::unexpected(read.error());
      }
      head = decode_chunk(layout_, bytes);
      complete = false;
    }
    if (head.size < kFirstChunkBytes || head.size > kMostChunkBytes) {
      return std::unexpected(Fault::implausible);
    }
    std::size_t used = layout_.chunk.data.bytes + head.top * sizeof(std::uint64_t);
    if (index == 0) {
      used = layout_.thread.datastack_top.present() ? thread_state_.chunk_top - base : head.size;
    }
    used = std::min<std::size_t>(used, head.size);
    const std::size_t wanted =
        std::min<std::size_t>(head.size, rounded(used + (index == 0 ? kChunkSlack : 0)));
    total += wanted;
    if (total > kMostStackBytes) {
      expect_nothing();
      return std::unexpected(Fault::implausible);
    }
    if (here && expected[index].bytes >= used) {
      base = head.previous;
      continue;
    }
    complete = false;
    expectations_changed_ = true;
    expected.resize(std::max(expected.size(), index + 1));
    expected[index] = {base, wanted};
    base = head.previous;
  }
  if (index < expected.size()) {
    expected.resize(index);
    expectations_changed_ = true;
    complete = false;
  }
  return complete;
}

bool ThreadLook::in_chunks(Address frame) const {
  return std::ranges::any_of(chunks_,
                             [&](const Chunk& chunk) { return frame - chunk.base < chunk.bytes; });
}

void ThreadLook::expect_frames() {
  const bool changed = layout_.frames_are_objects()
                           ? frames_.learn_chain(stack_)
                           : frames_.learn_from_walk(copy_, chunks_.size(), stack_.size());
  expectations_changed_ = expectations_changed_ || changed;
  if (!stack_.empty() && stack_.front().frame != leaf_) {
    leaf_ = stack_.front().frame;
    expectations_changed_ = true;
  }
}

Faulty<void> ThreadLook::decode(const Copy& copy) {
  stack_.clear();
  end_ = {};
  thread_state_ = python::decode_thread_state(layout_, batch_.bytes(copy.thread));
  const Faulty<Address> top = top_frame(copy);
  if (!top) {
    return std::unexpected(top.error());
  }
  top_ = *top;
  copy_.clear();
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    copy_.add(chunks_[i].base, batch_.bytes(chunk_slot(copy, i)));
  }
  for (std::size_t i = 0; i < frames_.in_order().size(); ++i) {
    copy_.add(frames_.in_order()[i], batch_.bytes(frame_slot(copy, i)));
  }
  const Faulty<bool> complete = follow_chunks(copy);
  if (!complete) {
    return std::unexpected(complete.error());
  }
  if (!*complete) {
    // The walk would fetch frame by frame what one more look reads at once.
    return std::unexpected(Fault::changed);
  }
  const Faulty<python::WalkEnd> end = python::walk_frames(copy_, layout_, top_, stack_);
  if (!end) {
    return std::unexpected(end.error());
  }
  end_ = *end;
  return {};
}

Faulty<Stillness> ThreadLook::compare_objects() {
  if (const auto decoded = decode(places_[0]); !decoded) {
    return std::unexpected(decoded.error());
  }
  std::swap(stack_, earlier_);
  if (const auto decoded = decode(places_[1]); !decoded) {
    return std::unexpected(decoded.error());
  }
  expect_frames();
  if (!earlier_.empty() && !stack_.empty()) {
    earlier_.front().instruction = stack_.front().instruction;  // the top frame may run on
  }
  if (earlier_ != stack_) {
    return Stillness::moved;
  }
  return expectations_changed_ ? Faulty<Stillness>(std::unexpected(Fault::changed))
                               : Stillness::proven;
}

// The top frame may run on; who it is and who called it may not change.
bool ThreadLook::same_top(std::span<const std::byte> a, std::span<const std::byte> b) const {
  const auto same_word = [&](python::Offset field) {
    return std::memcmp(a.data() + field.bytes, b.data() + field.bytes, sizeof(std::uint64_t)) == 0;
  };
  return same_word(layout_.frame.code) && same_word(layout_.frame.previous);
}

bool ThreadLook::same_chunk(std::size_t index, const Copy& a, const Copy& b) const {
  const auto first = batch_.bytes(chunk_slot(a, index));
  const auto second = batch_.bytes(chunk_slot(b, index));
  std::size_t compared = first.size();
  const std::uint64_t top_at = top_ - chunks_[index].base;
  if (top_at < first.size()) {
    compared = top_at;
    const std::size_t head = python::frame_head_size(layout_);
    if (top_at + head > first.size() ||
        !same_top(first.subspan(top_at, head), second.subspan(top_at, head))) {
      return false;
    }
  } else if (index == 0 && layout_.thread.datastack_top.present()) {
    compared = std::min<std::size_t>(compared, thread_state_.chunk_top - chunks_[0].base);
  }
  return std::memcmp(first.data(), second.data(), compared) == 0;
}

bool ThreadLook::same_frame(std::size_t index, const Copy& a, const Copy& b) const {
  const auto first = batch_.bytes(frame_slot(a, index));
  const auto second = batch_.bytes(frame_slot(b, index));
  if (frames_.in_order()[index] == top_) {
    return same_top(first, second);
  }
  // Also the entry frames that the walk only passes: they say who called.
  return !copy_.was_used(chunks_.size() + index) || std::ranges::equal(first, second);
}

bool ThreadLook::same(const Copy& a, const Copy& b) const {
  if (python::decode_thread_state(layout_, batch_.bytes(a.thread)) != thread_state_) {
    return false;
  }
  if (a.cframe != Slot::none &&
      !std::ranges::equal(batch_.bytes(a.cframe), batch_.bytes(b.cframe))) {
    return false;
  }
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    if (!same_chunk(i, a, b)) {
      return false;
    }
  }
  for (std::size_t i = 0; i < frames_.in_order().size(); ++i) {
    if (!same_frame(i, a, b)) {
      return false;
    }
  }
  return true;
}

}  // namespace lancehead::sense
