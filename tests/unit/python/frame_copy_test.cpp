// Frames laid out by hand, and the rings and holes that a moving stack can show.
#include "python/frame_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "target/recorded_memory.h"

namespace lancehead::python {
namespace {

using target::Address;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Address kCode{0x50000};

class Frames : public ::testing::TestWithParam<int> {
 protected:
  Frames()
      : layout_(*find_known_layout({.major = 3, .minor = static_cast<std::uint8_t>(GetParam())},
                                   false)),
        memory_(target::MemoryImage()),
        copy_(memory_, layout_) {}

  // The frame with that number; number 0 is the leaf.
  static Address at(std::uint64_t number) { return {0x100000 + number * 0x400}; }

  void put(Address frame, Address previous, Address code = kCode) {
    std::vector<std::byte> head(frame_head_size(layout_));
    memory_.image.store(frame, head);
    memory_.image.store_value(frame + layout_.frame.previous.bytes, previous);
    memory_.image.store_value(frame + layout_.frame.code.bytes, code);
  }

  void put_chain(std::uint64_t length) {
    for (std::uint64_t i = 0; i < length; ++i) {
      put(at(i), i + 1 < length ? at(i + 1) : Address{});
    }
  }

  Faulty<WalkEnd> walk(Address top) {
    stack_.clear();
    return walk_frames(copy_, layout_, top, stack_);
  }

  Layout layout_;
  target::RecordedMemory memory_;
  FrameCopy copy_;
  RawStack stack_;
};

INSTANTIATE_TEST_SUITE_P(Minors, Frames, ::testing::Values(8, 10, 11, 12, 13, 14, 15));

TEST_P(Frames, AreWalkedToTheRoot) {
  put_chain(300);
  const auto end = walk(at(0));
  ASSERT_TRUE(end.has_value());
  EXPECT_TRUE(end->whole);
  ASSERT_EQ(stack_.size(), 300);
  EXPECT_EQ(stack_.front().frame, at(0));
  EXPECT_EQ(stack_.back().frame, at(299));
  EXPECT_EQ(stack_.back().code, kCode);
}

TEST_P(Frames, NoFrameIsAnEmptyStack) {
  EXPECT_TRUE(walk({})->whole);
  EXPECT_THAT(stack_, IsEmpty());
}

TEST_P(Frames, ARingEndsTheWalkSoon) {
  for (const std::uint64_t length : {1U, 2U, 3U, 7U, 64U, 100U}) {
    put_chain(120);
    put(at(length + 9), at(10));
    EXPECT_EQ(walk(at(0)).error(), Fault::implausible) << length;
    EXPECT_LE(stack_.size(), 10 + 4 * length + 20) << length;
  }
}

TEST_P(Frames, AFrameThatIsNotThereLeavesTheRestOfTheStack) {
  put_chain(5);
  put(at(2), Address{0xDEAD0000});
  EXPECT_EQ(walk(at(0)).error(), Fault::unmapped);
  EXPECT_EQ(stack_.size(), 3);
}

TEST_P(Frames, WhatCannotBeAFrameEndsTheWalk) {
  put_chain(5);
  put(at(2), at(3) + 1);
  EXPECT_EQ(walk(at(0)).error(), Fault::implausible);
  EXPECT_EQ(stack_.size(), 3);
  put(at(2), at(3), Address{7});
  EXPECT_EQ(walk(at(0)).error(), Fault::implausible) << "no code object";
  EXPECT_EQ(stack_.size(), 2);
}

class FramesWithEntries : public Frames {};

INSTANTIATE_TEST_SUITE_P(Minors, FramesWithEntries, ::testing::Values(12, 13, 14, 15));

TEST_P(FramesWithEntries, PassOverThoseOfTheCStack) {
  put_chain(3);
  memory_.image.store_value(at(1) + layout_.frame.owner.bytes, std::uint8_t{3});
  memory_.image.store_value(at(1) + layout_.frame.code.bytes, std::uint64_t{0});
  EXPECT_TRUE(walk(at(0)).has_value());
  ASSERT_EQ(stack_.size(), 2);
  EXPECT_EQ(stack_[1].frame, at(2));
}

TEST_P(Frames, AtHandAreNotFetched) {
  put_chain(3);
  std::vector<std::byte> head(frame_head_size(layout_));
  ASSERT_TRUE(memory_.image.load(at(1), head));
  copy_.add(at(1), head);
  ASSERT_TRUE(walk(at(0)).has_value());
  EXPECT_THAT(copy_.fetched(), ElementsAre(at(0), at(2)));
}

TEST(InstructionOffset, IsInBytesOnEveryVersion) {
  const auto offset = [](int minor, std::uint64_t instruction) {
    return instruction_offset(
        *find_known_layout({.major = 3, .minor = static_cast<std::uint8_t>(minor)}, false),
        instruction, Address{0x1000});
  };
  const auto before_the_first = static_cast<std::uint64_t>(-1);
  EXPECT_EQ(offset(8, 6), 6);
  EXPECT_EQ(offset(9, before_the_first), -1);
  EXPECT_EQ(offset(10, 6), 12);
  EXPECT_EQ(offset(10, before_the_first), -1);
  EXPECT_EQ(offset(11, 0x1006), 6);
  EXPECT_EQ(offset(12, 0x0FFE), -1) << "before the first instruction";
  EXPECT_EQ(offset(13, 0x1000), 0);
  EXPECT_EQ(offset(14, 0), -1);
}

}  // namespace
}  // namespace lancehead::python
