// Which frames are read along, in which order, and for how long.
#include "sense/expected_frames.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "python/frame_copy.h"
#include "target/recorded_memory.h"

namespace lancehead::sense {
namespace {

using target::Address;

constexpr std::size_t kHead = 128;

// A thread on 3.8 whose frames are numbers.
class Chains : public ::testing::Test {
 protected:
  Chains() : memory_(target::MemoryImage{}) {
    layout_.version = {.major = 3, .minor = 8};
    bytes_.resize(kHead);
  }

  // Looks at a thread with this stack, from the leaf to the root. Returns whether what is expected
  // changed.
  bool look(std::initializer_list<std::uint64_t> frames) {
    python::FrameCopy copy(memory_, layout_);
    for (const Address frame : expected_.in_order()) {
      copy.add(frame, bytes_);
    }
    python::RawStack stack;
    for (const std::uint64_t frame : frames) {
      stack.push_back({.frame = {frame * kHead}});
      (void)copy.find({frame * kHead});
    }
    return expected_.learn_chain(copy, stack);
  }

  [[nodiscard]] std::vector<std::uint64_t> in_order() const {
    std::vector<std::uint64_t> numbers;
    for (const Address frame : expected_.in_order()) {
      numbers.push_back(frame.value / kHead);
    }
    return numbers;
  }

  using Numbers = std::vector<std::uint64_t>;

  target::RecordedMemory memory_;
  python::Layout layout_;
  Bytes bytes_;
  ExpectedFrames expected_;
};

TEST_F(Chains, AreExpectedFromTheLeafToTheRoot) {
  EXPECT_TRUE(look({3, 2, 1}));
  EXPECT_EQ(in_order(), (Numbers{3, 2, 1}));
  EXPECT_FALSE(look({3, 2, 1}));
}

TEST_F(Chains, TwoInTurnAreExpectedTogether) {
  EXPECT_TRUE(look({11, 10, 2, 1}));
  EXPECT_TRUE(look({21, 20, 2, 1}));
  EXPECT_EQ(in_order(), (Numbers{21, 20, 11, 10, 2, 1}));
  for (int round = 0; round < 100; ++round) {
    EXPECT_FALSE(look({11, 10, 2, 1})) << round;
    EXPECT_FALSE(look({20, 2, 1})) << round;
    EXPECT_FALSE(look({21, 20, 2, 1})) << round;
  }
}

TEST_F(Chains, ACalleeOfTwoCallersComesBeforeBoth) {
  (void)look({9, 10, 1});
  EXPECT_TRUE(look({9, 20, 1}));
  EXPECT_EQ(in_order(), (Numbers{9, 20, 10, 1}));
  EXPECT_FALSE(look({9, 10, 1}));
  EXPECT_FALSE(look({9, 20, 1}));
}

TEST_F(Chains, WhatIsNotMetForAWhileIsForgotten) {
  (void)look({11, 10, 1});
  (void)look({21, 20, 1});
  bool changed = false;
  for (int i = 0; i < 130; ++i) {
    changed = look({21, 20, 1}) || changed;
  }
  EXPECT_TRUE(changed);
  EXPECT_EQ(in_order(), (Numbers{21, 20, 1}));
}

TEST_F(Chains, OnlyAFewAlternativesAreKept) {
  for (std::uint64_t leaf = 100; leaf < 150; ++leaf) {
    (void)look({leaf, 1});
  }
  EXPECT_LE(in_order().size(), 10);
  EXPECT_EQ(in_order().front(), 149);
  EXPECT_EQ(in_order().back(), 1);
}

}  // namespace
}  // namespace lancehead::sense
