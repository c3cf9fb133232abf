// The looks of the sampler at the recorded memory of real processes, as it is and as it is changed
// between two readings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "sense/roster.h"
#include "sense/thread_look.h"
#include "support/recorded_process.h"
#include "target/recorded_memory.h"

namespace lancehead::sense {
namespace {

using target::Address;

// Lets a test change the memory at a chosen moment: before the n-th request from now on.
class ScriptedMemory final : public target::Memory {
 public:
  explicit ScriptedMemory(target::RecordedMemory& source) : source_(source) {}

  Faulty<std::size_t> read_many(std::span<const target::ReadRequest> requests) override {
    std::size_t whole = 0;
    for (const target::ReadRequest& request : requests) {
      if (requests_++ == at_ && change_) {
        change_(source_.image);
      }
      if (source_.read_many({&request, 1}) != 1U) {
        break;
      }
      ++whole;
    }
    return whole;
  }

  void change_before(std::size_t request, std::function<void(target::MemoryImage&)> change) {
    requests_ = 0;
    at_ = request;
    change_ = std::move(change);
  }
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  target::RecordedMemory& source_;
  std::size_t requests_ = 0;
  std::size_t at_ = 0;
  std::function<void(target::MemoryImage&)> change_;
};

target::MemoryImage load(const std::string& minor) {
  std::ifstream file(LANCEHEAD_TEST_DATA "/images/python" + minor + ".image", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return target::MemoryImage::decode(as_byte_span(bytes)).value();
}

class RecordedLooks : public ::testing::TestWithParam<std::string> {
 protected:
  RecordedLooks()
      : recorded_(load(GetParam())),
        memory_(recorded_),
        process_(testing::describe_recorded(recorded_).value()),
        roster_(memory_, process_.layout, process_.runtime) {
    if (roster_.refresh().has_value()) {
      interpreter_ = find_main();
      thread_ = find_deepest();
    }
  }

  [[nodiscard]] RosterInterpreter find_main() const {
    for (const RosterInterpreter& each : roster_.interpreters()) {
      if (each.interpreter.id == 0) {
        return each;
      }
    }
    return {};
  }

  [[nodiscard]] Address find_deepest() {
    Address deepest;
    std::size_t depth = 0;
    for (const RosterThread& thread : interpreter_.threads) {
      const auto stack = testing::read_stack(recorded_, process_.layout, thread.address);
      if (stack && stack->size() > depth) {
        depth = stack->size();
        deepest = thread.address;
      }
    }
    return deepest;
  }

  ThreadLook look() { return {memory_, process_.layout, thread_, interpreter_.interpreter.gil}; }

  target::RecordedMemory recorded_;
  ScriptedMemory memory_;
  testing::PythonProcess process_;
  Roster roster_;
  RosterInterpreter interpreter_;
  Address thread_;
};

INSTANTIATE_TEST_SUITE_P(Versions, RecordedLooks,
                         ::testing::Values("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14",
                                           "3.15"),
                         [](const auto& tested) { return "Python3_" + tested.param.substr(2); });

TEST_P(RecordedLooks, SeeTheWholeStackOfAThreadAtRest) {
  const auto expected = testing::read_stack(recorded_, process_.layout, thread_);
  ASSERT_TRUE(expected.has_value());
  EXPECT_GT(expected->size(), 60);
  ThreadLook looked = look();
  EXPECT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_TRUE(looked.is_whole());
  EXPECT_EQ(looked.stack(), *expected);
  EXPECT_EQ(looked.look_once(), Stillness::assumed);
  EXPECT_EQ(looked.stack(), *expected);
}

TEST_P(RecordedLooks, ACallerThatChangesBetweenTheReadingsIsNoticed) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const std::size_t requests = memory_.requests();
  // Of frames that are objects the few nearest the leaf may differ.
  const Address caller = looked.stack()[looked.stack().size() / 2].frame;
  const Address field = caller + process_.layout.frame.instruction.bytes;
  const auto before = recorded_.read_value<std::uint32_t>(field);
  ASSERT_TRUE(before.has_value());
  memory_.change_before(requests / 2,
                        [&](target::MemoryImage& image) { image.store_value(field, *before + 2); });
  EXPECT_EQ(looked.look_twice(), Stillness::moved);
  EXPECT_EQ(looked.look_twice(), Stillness::proven) << "it is at rest again";
}

// An entry frame of the C stack is no frame of the stack that is shown, but says who called. Where
// it was written between the readings, because the thread that had slept ran on, a caller was
// missing.
TEST_P(RecordedLooks, AnEntryFrameThatChangesBetweenTheReadingsIsNoticed) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const std::size_t requests = memory_.requests();
  const python::RawStack stack = looked.stack();
  std::size_t tried = 0;
  for (std::size_t i = 0; i < stack.size(); ++i) {
    const Address caller{
        recorded_.read_value<std::uint64_t>(stack[i].frame + process_.layout.frame.previous.bytes)
            .value_or(0)};
    if (caller.is_null() || (i + 1 < stack.size() && caller == stack[i + 1].frame)) {
      continue;
    }
    ++tried;
    const Address field = caller + process_.layout.frame.instruction.bytes;
    const auto before = recorded_.read_value<std::uint32_t>(field);
    ASSERT_TRUE(before.has_value());
    memory_.change_before(
        requests / 2, [&](target::MemoryImage& image) { image.store_value(field, *before + 2); });
    EXPECT_EQ(looked.look_twice(), Stillness::moved);
    EXPECT_EQ(looked.look_twice(), Stillness::proven);
  }
  if (process_.layout.version.at_least(12)) {
    EXPECT_GT(tried, 0U) << "the recorded thread should have been called from C";
  }
}

// Reading anything that the thread writes delays it there, so that an instruction that is read
// later is no fair sample: on the Julia program a line had between 25 and 75 % where 52 % are true.
TEST_P(RecordedLooks, TheInstructionOfTheLeafIsReadBeforeAllElse) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const python::RawFrame leaf = looked.stack()[0];
  const Address field = leaf.frame + process_.layout.frame.instruction.bytes;
  const auto before = recorded_.read_value<std::uint32_t>(field);
  ASSERT_TRUE(before.has_value());
  memory_.change_before(1,
                        [&](target::MemoryImage& image) { image.store_value(field, *before + 2); });
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_EQ(looked.stack()[0].instruction, leaf.instruction);
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_EQ(looked.stack()[0].instruction, leaf.instruction + 2);
}

TEST_P(RecordedLooks, ALeafThatCallsAfterItWasReadIsNoticed) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const python::RawStack stack = looked.stack();
  const Address field = stack[0].frame + process_.layout.frame.code.bytes;
  memory_.change_before(
      1, [&](target::MemoryImage& image) { image.store_value(field, stack[1].code); });
  EXPECT_EQ(looked.look_twice(), Stillness::moved);
}

TEST_P(RecordedLooks, TheLeafMayRunOn) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const std::size_t requests = memory_.requests();
  const Address field = looked.stack()[0].frame + process_.layout.frame.instruction.bytes;
  const auto before = recorded_.read_value<std::uint32_t>(field);
  ASSERT_TRUE(before.has_value());
  memory_.change_before(requests / 2,
                        [&](target::MemoryImage& image) { image.store_value(field, *before + 2); });
  EXPECT_EQ(looked.look_twice(), Stillness::proven);
}

// Up to four frames nearest the leaf were allowed to change, since a caller outlives its callee.
// One in some 100 000 looks at `await` chains on 3.8 then showed a callee of one chain upon callers
// of the other: the caller had been read first, and the reader had lost its processor for a while.
TEST_P(RecordedLooks, ACalleeThatChangesBetweenTheReadingsIsNoticed) {
  const python::Layout& layout = process_.layout;
  if (!layout.frames_are_objects()) {
    return;
  }
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  const std::size_t requests = memory_.requests();
  const std::vector<python::RawFrame> stack = looked.stack();
  memory_.change_before(requests / 2, [&](target::MemoryImage& image) {
    image.store_value(thread_ + layout.thread.frame.bytes, stack[1].frame);
    image.store_value(stack[1].frame + layout.frame.previous.bytes, stack[0].frame);
    image.store_value(stack[0].frame + layout.frame.previous.bytes, stack[2].frame);
  });
  EXPECT_EQ(looked.look_twice(), Stillness::moved);
  EXPECT_EQ(looked.look_twice(), Stillness::proven) << "it is at rest again";
  EXPECT_EQ(looked.stack()[0], stack[1]);
  EXPECT_EQ(looked.stack()[1], stack[0]);
}

// A look that had to begin again, because a generator's frame was new, may see another function
// than it would have seen at once: where that is not noted as a movement, short functions are lost.
TEST_P(RecordedLooks, AThreadThatIsElsewhereAtTheSecondAttemptHasMoved) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_FALSE(looked.moved_between_attempts());
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_FALSE(looked.moved_between_attempts());
  const std::size_t requests = memory_.requests();
  const python::Layout& layout = process_.layout;
  if (layout.frames_are_objects() || layout.thread.cframe.present()) {
    return;
  }
  // A frame that is not where frames were met before, and then the old one again.
  const Address elsewhere{0x7E0000000000};
  const std::size_t head = python::frame_head_size(layout);
  Bytes frame(head);
  ASSERT_TRUE(recorded_.image.load(looked.stack()[0].frame, frame));
  recorded_.image.store(elsewhere, frame);
  const Address before = looked.stack()[0].frame;
  recorded_.image.store_value(thread_ + layout.thread.frame.bytes, elsewhere);
  memory_.change_before(requests + 1, [&](target::MemoryImage& image) {
    image.store_value(thread_ + layout.thread.frame.bytes, before);
  });
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_TRUE(looked.moved_between_attempts());
}

// Generators that ended long ago were looked for at every look, which made it several times slower.
TEST_P(RecordedLooks, FramesThatAreGoneAreNotLookedForAnyLonger) {
  ThreadLook looked = look();
  const auto requests_of_a_look = [&] {
    EXPECT_EQ(looked.look_twice(), Stillness::proven);
    memory_.change_before(0, {});
    EXPECT_EQ(looked.look_twice(), Stillness::proven);
    return memory_.requests();
  };
  const std::size_t before = requests_of_a_look();
  const python::Layout& layout = process_.layout;
  const Address holder = layout.thread.cframe.present()
                             ? looked.thread().cframe + layout.cframe.frame.bytes
                             : thread_ + layout.thread.frame.bytes;
  recorded_.image.store_value(holder, looked.stack().back().frame);
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(looked.look_twice(), Stillness::proven);
  }
  EXPECT_LE(looked.stack().size(), 2);
  EXPECT_LT(requests_of_a_look(), before);
}

TEST_P(RecordedLooks, TellWhetherTheGilChangedHands) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_once(), Stillness::assumed);
  EXPECT_EQ(looked.gil_before(), looked.gil_after());
  memory_.change_before(0, {});
  ASSERT_EQ(looked.look_once(), Stillness::assumed);
  const Address number = interpreter_.interpreter.gil + process_.layout.gil.switch_number.bytes;
  memory_.change_before(
      1, [&](target::MemoryImage& image) { image.store_value(number, std::uint64_t{123456}); });
  ASSERT_EQ(looked.look_once(), Stillness::assumed);
  EXPECT_NE(looked.gil_before(), looked.gil_after());
  EXPECT_EQ(looked.gil_after().switch_number, 123456);
}

TEST_P(RecordedLooks, AThreadStateThatIsGoneIsUnmapped) {
  ThreadLook looked(memory_, process_.layout, {0xDEAD0000}, interpreter_.interpreter.gil);
  EXPECT_EQ(looked.look_once(), std::unexpected(Fault::unmapped));
}

TEST_P(RecordedLooks, AbsurdChunksOfTheDataStackAreNotRead) {
  if (process_.layout.frames_are_objects()) {
    return;  // there is no data stack
  }
  // A ring of chunks, each as large as a chunk may be.
  const auto chunk = recorded_.read_pointer(thread_ + process_.layout.thread.datastack_chunk.bytes);
  ASSERT_TRUE(chunk.has_value());
  recorded_.image.store_value(*chunk + process_.layout.chunk.previous.bytes, *chunk);
  recorded_.image.store_value(*chunk + process_.layout.chunk.size.bytes, std::uint64_t{1} << 26U);
  recorded_.image.store_value(*chunk + process_.layout.chunk.top.bytes, std::uint64_t{1} << 23U);
  ThreadLook looked = look();
  EXPECT_EQ(looked.look_once(), std::unexpected(Fault::implausible));
}

TEST_P(RecordedLooks, TheRosterSeesAThreadThatGoes) {
  ASSERT_EQ(interpreter_.threads.size(), 3);
  EXPECT_EQ(roster_.refresh(), false);
  const Address next = interpreter_.threads[0].address + process_.layout.thread.next.bytes;
  const auto third =
      recorded_.read_pointer(interpreter_.threads[1].address + process_.layout.thread.next.bytes);
  ASSERT_TRUE(third.has_value());
  recorded_.image.store_value(next, *third);
  EXPECT_EQ(roster_.refresh(), true);
  EXPECT_EQ(find_main().threads.size(), 2);
  EXPECT_EQ(roster_.refresh(), false);
  recorded_.image.store_value(next, interpreter_.threads[1].address);
  EXPECT_EQ(roster_.refresh(), true);
  EXPECT_EQ(find_main().threads.size(), 3);
}

TEST_P(RecordedLooks, TheRosterIsReadAlong) {
  ThreadLook looked = look();
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  ASSERT_NE(roster_.to_carry(), nullptr);
  looked.carry(roster_.to_carry());
  ASSERT_EQ(looked.look_twice(), Stillness::proven);
  EXPECT_TRUE(roster_.take_carried());
  EXPECT_EQ(find_main().threads.size(), 3);
  // A thread that came or went is noticed, and found by the roster itself.
  const Address next = interpreter_.threads[0].address + process_.layout.thread.next.bytes;
  recorded_.image.store_value(next, interpreter_.threads[2].address);
  looked.carry(roster_.to_carry());
  ASSERT_TRUE(looked.look_twice());
  EXPECT_FALSE(roster_.take_carried());
  EXPECT_EQ(roster_.refresh(), true);
  EXPECT_EQ(find_main().threads.size(), 2);
}

TEST_P(RecordedLooks, TheRosterReadsALinkThatChangesAgain) {
  const Address back = interpreter_.threads[0].address + process_.layout.thread.interp.bytes;
  recorded_.image.store_value(back, std::uint64_t{0});
  EXPECT_EQ(roster_.refresh(), std::unexpected(Fault::changed)) << "it never holds still";
  memory_.change_before(6, [&](target::MemoryImage& image) {
    image.store_value(back, interpreter_.interpreter.address);
  });
  EXPECT_TRUE(roster_.refresh().has_value());
}

TEST_P(RecordedLooks, TheRosterOfMemoryThatIsGoneIsAFault) {
  recorded_.image = {};
  EXPECT_EQ(roster_.refresh(), std::unexpected(Fault::unmapped));
}

}  // namespace
}  // namespace lancehead::sense
