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
// A thread with frames outside its data stack; frames are numbers.
class FramesOutside : public ::testing::Test {
 protected:
  FramesOutside() : memory_(target::MemoryImage{}) {
    layout_.version = {.major = 3, .minor = 8};
    bytes_.resize(kHead);
    const Bytes everything(1000 * kHead);
    memory_.image.store({kHead}, everything);
  }

  // Looks at a thread with these frames. Returns whether more is expected.
  bool look(std::initializer_list<std::uint64_t> frames) {
    forgot_ = expected_.forget_unmet();
    python::FrameCopy copy(memory_, layout_);
    for (const Address frame : expected_.in_order()) {
      copy.add(frame, bytes_);
    }
    for (const std::uint64_t frame : frames) {
      (void)copy.find({frame * kHead});
    }
    return expected_.learn_from_walk(copy, 0, frames.size());
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
  bool forgot_ = false;
};

TEST_F(FramesOutside, AreExpectedOnceTheyWereMet) {
  EXPECT_TRUE(look({3, 2, 1}));
  EXPECT_EQ(in_order(), (Numbers{3, 2, 1}));
  EXPECT_FALSE(look({3, 2, 1}));
  EXPECT_TRUE(look({4, 1}));
  EXPECT_EQ(in_order(), (Numbers{3, 2, 1, 4}));
}

TEST_F(FramesOutside, AreForgottenWhenTheyWereNotMetForAWhile) {
  (void)look({3, 2, 1});
  bool forgot = false;
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(look({3}));
    forgot = forgot || forgot_;
  }
  EXPECT_TRUE(forgot);
  EXPECT_EQ(in_order(), Numbers{3});
}

TEST_F(FramesOutside, StayFew) {
  for (std::uint64_t frame = 1; frame < 500; ++frame) {
    (void)look({frame});
    EXPECT_LE(in_order().size(), 66);
  }
  EXPECT_EQ(in_order().back(), 499);
}

TEST(Chains, AreExpectedFromTheLeafToTheRoot) {
  ExpectedFrames expected;
  const python::RawStack stack{{.frame = {300}}, {.frame = {200}}, {.frame = {100}}};
  EXPECT_TRUE(expected.learn_chain(stack));
  EXPECT_FALSE(expected.learn_chain(stack));
  ASSERT_EQ(expected.in_order().size(), 3);
  EXPECT_EQ(expected.in_order()[0], Address{300});
  EXPECT_EQ(expected.in_order()[2], Address{100});
  for (int i = 0; i < 200; ++i) {
    EXPECT_FALSE(expected.forget_unmet());
  }
}

}  // namespace
}  // namespace lancehead::sense
