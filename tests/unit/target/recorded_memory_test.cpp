#include "target/recorded_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <numeric>
#include <string>

namespace lancehead::target {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void store_text(MemoryImage& image, std::uint64_t at, std::string_view text) {
  image.store({at}, as_byte_span(text));
}

std::string load_text(const MemoryImage& image, std::uint64_t at, std::size_t size) {
  std::string text(size, '?');
  return image.load({at}, std::as_writable_bytes(std::span(text))) ? text : "hole";
}

std::vector<std::pair<std::uint64_t, std::size_t>> extents(const MemoryImage& image) {
  std::vector<std::pair<std::uint64_t, std::size_t>> found;
  for (const auto& [start, bytes] : image.segments()) {
    found.emplace_back(start, bytes.size());
  }
  return found;
}

TEST(MemoryImage, JoinsWhatTouches) {
  MemoryImage image;
  store_text(image, 100, "abc");
  store_text(image, 106, "ghi");
  EXPECT_THAT(extents(image), ElementsAre(std::pair(100, 3), std::pair(106, 3)));
  store_text(image, 103, "def");
  EXPECT_THAT(extents(image), ElementsAre(std::pair(100, 9)));
  EXPECT_EQ(load_text(image, 100, 9), "abcdefghi");
}

TEST(MemoryImage, LaterBytesReplaceEarlierOnes) {
  MemoryImage image;
  store_text(image, 100, "abcdef");
  store_text(image, 102, "XY");
  EXPECT_EQ(load_text(image, 100, 6), "abXYef");
  store_text(image, 98, "0123456789");
  EXPECT_EQ(load_text(image, 98, 10), "0123456789");
  EXPECT_THAT(extents(image), ElementsAre(std::pair(98, 10)));
}

TEST(MemoryImage, TakesInAllThatItCovers) {
  MemoryImage image;
  store_text(image, 10, "a");
  store_text(image, 20, "b");
  store_text(image, 30, "cdef");
  store_text(image, 5, std::string(27, '.'));
  EXPECT_THAT(extents(image), ElementsAre(std::pair(5, 29)));
  EXPECT_EQ(load_text(image, 28, 6), "....ef");
}

TEST(MemoryImage, AHoleIsNotRead) {
  MemoryImage image;
  store_text(image, 100, "abc");
  EXPECT_EQ(load_text(image, 99, 2), "hole");
  EXPECT_EQ(load_text(image, 102, 2), "hole");
  EXPECT_EQ(load_text(image, 103, 1), "hole");
  EXPECT_EQ(load_text(image, 0, 1), "hole");
  EXPECT_EQ(load_text(image, std::numeric_limits<std::uint64_t>::max(), 8), "hole");
}

TEST(MemoryImage, EndsBeforeTheAddressSpaceDoes) {
  MemoryImage image;
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  store_text(image, last - 2, "abcdef");
  EXPECT_THAT(extents(image), ElementsAre(std::pair(last - 2, 2)));
  EXPECT_EQ(load_text(image, last - 2, 2), "ab");
}

TEST(MemoryImage, ComesBackFromItsFile) {
  MemoryImage image;
  image.marks = {{"runtime", 0x7FFF12345678}, {"version", 0x030D00F0}};
  store_text(image, 0x1000, "abc");
  store_text(image, 0x7FFF00000000, "defg");
  const auto again = MemoryImage::decode(image.encode());
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->marks, image.marks);
  EXPECT_EQ(again->segments(), image.segments());
}

TEST(MemoryImage, FilesCutAnywhereAreRefused) {
  MemoryImage image;
  image.marks["runtime"] = 300;
  store_text(image, 0x1000, "abc");
  store_text(image, 0x2000, "def");
  const Bytes file = image.encode();
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(MemoryImage::decode(std::span(file).first(size)).has_value()) << size;
  }
}

TEST(MemoryImage, SegmentsThatWrapRoundAreRefused) {
  MemoryImage empty;
  Bytes file = empty.encode();
  file.pop_back();  // the count of segments
  ByteWriter more;
  more.varint(2);
  more.varint(0x1000);
  more.varint(1);
  more.text("a");
  more.varint(std::numeric_limits<std::uint64_t>::max());
  more.varint(1);
  more.text("b");
  file.insert(file.end(), more.data().begin(), more.data().end());
  EXPECT_FALSE(MemoryImage::decode(file).has_value());
}

TEST(RecordedMemory, StopsAtTheFirstPlaceThatItDoesNotHave) {
  MemoryImage image;
  store_text(image, 100, "abcdef");
  RecordedMemory memory(image);
  std::array<std::byte, 2> first{};
  std::array<std::byte, 2> second{};
  std::array<std::byte, 2> third{};
  const std::array<ReadRequest, 3> requests = {
      ReadRequest{{100}, first}, ReadRequest{{105}, second}, ReadRequest{{102}, third}};
  EXPECT_EQ(memory.read_many(requests), 1);
  EXPECT_EQ(as_text(first), "ab");
  EXPECT_EQ(as_text(third), std::string_view("\0\0", 2));
}

TEST(RecordedMemory, ReadsAtMostAsManyRequestsAsTheKernelWould) {
  MemoryImage image;
  store_text(image, 100, "a");
  RecordedMemory memory(image);
  std::array<std::byte, 1> into{};
  const std::vector<ReadRequest> requests(Memory::kMostRequests + 1, ReadRequest{{100}, into});
  EXPECT_EQ(memory.read_many(requests), Memory::kMostRequests);
}

TEST(RecordingMemory, KeepsWhatWasReadAndNothingElse) {
  MemoryImage image;
  store_text(image, 100, "abcdef");
  RecordedMemory source(image);
  RecordingMemory memory(source);
  std::array<std::byte, 2> first{};
  std::array<std::byte, 2> second{};
  const std::array<ReadRequest, 2> requests = {ReadRequest{{101}, first},
                                               ReadRequest{{200}, second}};
  EXPECT_EQ(memory.read_many(requests), 1);
  EXPECT_THAT(extents(memory.image), ElementsAre(std::pair(101, 2)));
  EXPECT_EQ(load_text(memory.image, 101, 2), "bc");
}

TEST(RecordingMemory, PassesFaultsOn) {
  class Gone final : public Memory {
    Faulty<std::size_t> read_many(std::span<const ReadRequest>) override {
      return std::unexpected(Fault::gone);
    }
  };
  Gone source;
  RecordingMemory memory(source);
  EXPECT_EQ(memory.read_value<int>({100}), std::unexpected(Fault::gone));
  EXPECT_THAT(memory.image.segments(), IsEmpty());
}

}  // namespace
}  // namespace lancehead::target
