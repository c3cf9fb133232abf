#include "python/frame_copy.h"

#include <bit>
#include <cstring>

namespace lancehead::python {
namespace {

using target::Address;

// Frame objects (3.8 to 3.10) end with their locals; what the walk needs stands before.
constexpr std::size_t kFrameObjectHead = 128;

// Owners of 3.12 and later from which on a frame is no Python code: 3 is the C stack (3.12, 3.13)
// or the interpreter (3.14 and later), 4 the C stack (3.14).
constexpr std::uint8_t kFirstForeignOwner = 3;
constexpr std::uint8_t kMostOwners = 8;

// Low bits of a _PyStackRef (3.14 and later) that are no part of the address.
constexpr std::uint64_t kTagBits = 3;

constexpr std::uint64_t kLowestAddress = 4096;
constexpr std::uint64_t kHighestAddress = std::uint64_t{1} << 56U;

template <typename T>
T load(const std::byte* from, Offset field) {
  T value{};
  std::memcpy(&value, from + field.bytes, sizeof(T));
  return value;
}

bool may_be_object(Address address) {
  return address.value >= kLowestAddress && address.value < kHighestAddress &&
         address.value % alignof(void*) == 0;
}

Address load_code(const Layout& layout, const std::byte* head) {
  const auto word = load<std::uint64_t>(head, layout.frame.code);
  return {layout.version.at_least(14) ? word & ~kTagBits : word};
}

bool is_foreign(const Layout& layout, const std::byte* head) {
  return layout.version.at_least(12) &&
         load<std::uint8_t>(head, layout.frame.owner) >= kFirstForeignOwner;
}

bool owner_is_plausible(const Layout& layout, const std::byte* head) {
  return !layout.frame.owner.present() ||
         load<std::uint8_t>(head, layout.frame.owner) < kMostOwners;
}

std::uint64_t load_instruction(const Layout& layout, const std::byte* head) {
  if (layout.frames_are_objects()) {
    return static_cast<std::uint64_t>(
        std::int64_t{load<std::int32_t>(head, layout.frame.instruction)});
  }
  return load<std::uint64_t>(head, layout.frame.instruction);
}

}  // namespace

std::uint64_t decode_instruction(const Layout& layout, std::span<const std::byte> head) {
  return head.size() < frame_head_size(layout) ? 0 : load_instruction(layout, head.data());
}

std::size_t frame_head_size(const Layout& layout) {
  return layout.frames_are_objects() ? kFrameObjectHead : layout.frame.size;
}

Faulty<const std::byte*> FrameCopy::find(Address frame) {
  const std::size_t needed = frame_head_size(layout_);
  const auto within = [&](const Piece& piece) -> const std::byte* {
    const std::uint64_t at = frame - piece.from;
    return at < piece.bytes.size() && needed <= piece.bytes.size() - at ? piece.bytes.data() + at
                                                                        : nullptr;
  };
  for (std::size_t step = 0; step < pieces_.size(); ++step) {
    const std::size_t index = (last_ + step) % pieces_.size();
    if (const std::byte* found = within(pieces_[index])) {
      last_ = index;
      pieces_[index].used = true;
      return found;
    }
  }
  const std::size_t used = fetched_.size();
  if (blocks_.size() <= used) {
    blocks_.emplace_back();
  }
  blocks_[used].resize(needed);
  if (const auto read = memory_.read(frame, blocks_[used]); !read) {
    return std::unexpected(read.error());
  }
  fetched_.push_back(frame);
  return blocks_[used].data();
}

Faulty<WalkEnd> walk_frames(FrameCopy& copy, const Layout& layout, Address top, RawStack& stack) {
  WalkEnd end;
  Address frame = top;
  // Frames of a stack that changed while it was read can form a ring: the walk would then meet a
  // frame again that it remembers, of which there is one for each doubling of the depth.
  Address remembered;
  for (std::size_t depth = 0; depth < kMostFrames; ++depth) {
    if (frame.is_null()) {
      end.whole = true;
      return end;
    }
    if (!may_be_object(frame)) {
      return std::unexpected(Fault::implausible);
    }
    const Faulty<const std::byte*> head = copy.find(frame);
    if (!head) {
      return std::unexpected(head.error());
    }
    const Address code = load_code(layout, *head);
    if (!owner_is_plausible(layout, *head)) {
      return std::unexpected(Fault::implausible);
    }
    if (!is_foreign(layout, *head)) {
      if (!may_be_object(code)) {
        return std::unexpected(Fault::implausible);
      }
      stack.push_back({frame, code, load_instruction(layout, *head)});
    }
    if (std::has_single_bit(depth)) {
      remembered = frame;
    }
    frame = {load<std::uint64_t>(*head, layout.frame.previous)};
    if (frame == remembered && !frame.is_null()) {
      return std::unexpected(Fault::implausible);
    }
  }
  return end;
}

std::int32_t instruction_offset(const Layout& layout, std::uint64_t instruction, Address bytecode) {
  if (layout.frames_are_objects()) {
    const auto stored = static_cast<std::int32_t>(instruction);
    constexpr std::int32_t kBytesPerUnit = 2;
    return stored >= 0 && layout.version.at_least(10) ? stored * kBytesPerUnit : stored;
  }
  const std::uint64_t offset = instruction - bytecode.value;
  constexpr std::uint64_t kMostOffset = 1U << 30U;
  return offset < kMostOffset ? static_cast<std::int32_t>(offset) : -1;
}

}  // namespace lancehead::python
