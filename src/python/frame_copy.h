// Copies of the memory in which a thread's frames stand, and the walk along them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "python/stack.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::python {

// What of a target's memory is at hand, by address. Frames that are not at hand are read from the
// target one by one: that is slower, and not of the same moment as the rest, so it is counted.
class FrameCopy {
 public:
  FrameCopy(target::Memory& memory, const Layout& layout) : memory_(memory), layout_(layout) {}

  void clear() {
    pieces_.clear();
    fetched_.clear();
    last_ = 0;
  }

  // `bytes` must stay where they are until clear().
  void add(target::Address from, std::span<const std::byte> bytes) {
    pieces_.push_back({.from = from, .bytes = bytes});
  }

  // The head of the frame at `frame`: `layout.frame.size` bytes (or 128 for frame objects).
  [[nodiscard]] Faulty<const std::byte*> find(target::Address frame);

  // Whether the walk found a frame in the piece that was added as number `index`.
  [[nodiscard]] bool was_used(std::size_t index) const { return pieces_[index].used; }

  // Addresses of the frames that were not at hand, in the order of the walk.
  [[nodiscard]] std::span<const target::Address> fetched() const { return fetched_; }

 private:
  struct Piece {
    target::Address from;
    std::span<const std::byte> bytes;
    bool used = false;
  };

  target::Memory& memory_;
  const Layout& layout_;
  std::vector<Piece> pieces_;
  std::vector<target::Address> fetched_;
  std::vector<std::vector<std::byte>> blocks_;
  std::size_t last_ = 0;  // the piece that held the frame before: the next is mostly there too
};

struct WalkEnd {
  bool whole = false;        // the root was reached
  bool not_started = false;  // the top frame had not begun to run
};

// How many bytes from the start of a frame the walk looks at.
[[nodiscard]] std::size_t frame_head_size(const Layout& layout);

// The instruction that the frame with this head is at, as RawFrame::instruction.
[[nodiscard]] std::uint64_t decode_instruction(const Layout& layout,
                                               std::span<const std::byte> head);

// Walks from `top` to the root and appends the frames to `stack`, leaf first. Frames that are not
// Python code (the C stack's entry frames of 3.12 and later) are passed over.
// Faults: implausible (a frame that cannot be one), unmapped; `stack` then holds the frames up to
// that point.
[[nodiscard]] Faulty<WalkEnd> walk_frames(FrameCopy& copy, const Layout& layout,
                                          target::Address top, RawStack& stack);

// The byte offset of the instruction within the bytecode, or -1: not started.
// `bytecode` is where the instructions stand (3.11 and later).
[[nodiscard]] std::int32_t instruction_offset(const Layout& layout, std::uint64_t instruction,
                                              target::Address bytecode);

}  // namespace lancehead::python
