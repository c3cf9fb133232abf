// Lies told in a real block of debug offsets.
#include "python/debug_offsets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/recorded_process.h"
#include "target/recorded_memory.h"

namespace lancehead::python {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kVersionAt = 8;
constexpr std::uint64_t kFreeThreadedAt = 16;

class DebugOffsets : public ::testing::TestWithParam<int> {
 protected:
  DebugOffsets() : memory_(load()), runtime_{memory_.image.marks[testing::kRuntimeMark]} {}

  static target::MemoryImage load() {
    std::ifstream file(
        LANCEHEAD_TEST_DATA "/images/python3." + std::to_string(GetParam()) + ".image",
        std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    return target::MemoryImage::decode(as_byte_span(bytes)).value();
  }

  static const DebugOffsetsShape& shape() {
    for (const DebugOffsetsShape& each : known_debug_offsets()) {
      if (each.minor == GetParam()) {
        return each;
      }
    }
    throw std::runtime_error("no shape");
  }

  void lie(Offset field, std::uint64_t value) {
    memory_.image.store_value(runtime_ + field.bytes, value);
  }

  Faulty<DescribedLayout> read() { return read_debug_offsets(memory_, runtime_); }

  target::RecordedMemory memory_;
  target::Address runtime_;
};

INSTANTIATE_TEST_SUITE_P(Minors, DebugOffsets, ::testing::Values(13, 14, 15));

TEST_P(DebugOffsets, AgreeWithTheTableMadeFromHeaders) {
  const auto described = read();
  ASSERT_TRUE(described.has_value());
  EXPECT_THAT(described->warning, IsEmpty());
  const Layout* known = find_known_layout(described->layout.version, false);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(described->layout.thread.frame.bytes, known->thread.frame.bytes);
  EXPECT_EQ(described->layout.frame.size, known->frame.size);
  EXPECT_EQ(described->layout.frame.code.bytes, known->frame.code.bytes);
  EXPECT_EQ(described->layout.code.bytecode.bytes, known->code.bytecode.bytes);
  EXPECT_EQ(described->layout.interpreter.gil_pointer.bytes, known->interpreter.gil_pointer.bytes);
}

TEST_P(DebugOffsets, WithoutTheCookieThereAreNone) {
  memory_.image.store(runtime_, as_byte_span("xdebugpi"));
  EXPECT_EQ(read().error(), Fault::implausible);
}

TEST_P(DebugOffsets, CutShortTheyAreUnmapped) {
  target::MemoryImage cut;
  std::vector<std::byte> head(shape().size - 1);
  ASSERT_TRUE(memory_.image.load(runtime_, head));
  cut.store(runtime_, head);
  target::RecordedMemory memory(cut);
  EXPECT_EQ(read_debug_offsets(memory, runtime_).error(), Fault::unmapped);
}

TEST_P(DebugOffsets, OfAMajorVersionThatIsNotKnownAreRefused) {
  lie({kVersionAt}, 0x040000F0);
  EXPECT_EQ(read().error(), Fault::implausible);
  lie({kVersionAt}, 0x030C00F0);
  EXPECT_EQ(read().error(), Fault::implausible) << "3.12 has no debug offsets";
}

TEST_P(DebugOffsets, ValuesThatNoStructureHasAreRefused) {
  for (const Offset field :
       {shape().interpreter_state.next, shape().thread_state.current_frame,
        shape().code_object.filename, shape().unicode_object.asciiobject_size}) {
    target::MemoryImage before = memory_.image;
    lie(field, std::uint64_t{1} << 32U);
    EXPECT_EQ(read().error(), Fault::implausible) << field.bytes;
    memory_.image = std::move(before);
  }
}

// Their heads are read into buffers of the size that the process claims.
TEST_P(DebugOffsets, FieldsBeyondTheEndOfTheirStructureAreRefused) {
  const auto& frame = shape().interpreter_frame;
  const auto& thread = shape().thread_state;
  const auto& text = shape().unicode_object;
  for (const Offset field :
       {frame.previous, frame.executable, frame.instr_ptr, frame.owner, thread.next, thread.interp,
        thread.current_frame, thread.thread_id, thread.native_thread_id, thread.datastack_chunk,
        text.state, text.length}) {
    target::MemoryImage before = memory_.image;
    lie(field, 100'000);
    EXPECT_EQ(read().error(), Fault::implausible) << field.bytes;
    memory_.image = std::move(before);
  }
  const std::uint64_t size = read()->layout.frame.size;
  lie(frame.previous, size - 4);
  EXPECT_EQ(read().error(), Fault::implausible) << "half of it is outside";
}

// The shape of the newest version is used for those to come.
class NewestDebugOffsets : public DebugOffsets {};

INSTANTIATE_TEST_SUITE_P(Newest, NewestDebugOffsets,
                         ::testing::Values(known_debug_offsets().back().minor));

TEST_P(NewestDebugOffsets, AreTriedOnANewerMinorWithAWarning) {
  lie({kVersionAt}, 0x031E00F0);
  const auto described = read();
  ASSERT_TRUE(described.has_value());
  EXPECT_EQ(described->layout.version.minor, 30);
  EXPECT_THAT(described->warning, HasSubstr("Python 3.30 is newer than this lancehead knows"));
  EXPECT_FALSE(described->layout.thread.datastack_top.present()) << "it may have moved";
}

TEST_P(DebugOffsets, SayWhetherTheBuildIsFreeThreaded) {
  EXPECT_FALSE(read()->layout.free_threaded);
  lie({kFreeThreadedAt}, 1);
  const auto described = read();
  ASSERT_TRUE(described.has_value());
  EXPECT_TRUE(described->layout.free_threaded);
}

}  // namespace
}  // namespace lancehead::python
