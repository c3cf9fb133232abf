// Places that are read together.
#include "target/read_batch.h"

#include <gtest/gtest.h>

#include "target/recorded_memory.h"

namespace lancehead::target {
namespace {

using Slot = ReadBatch::Slot;

// Counts the calls of the kernel that there would have been.
class CountingMemory final : public Memory {
 public:
  explicit CountingMemory(MemoryImage image) : memory_(std::move(image)) {}

  Faulty<std::size_t> read_many(std::span<const ReadRequest> requests) override {
    ++calls;
    return memory_.read_many(requests);
  }

  int calls = 0;

 private:
  RecordedMemory memory_;
};

MemoryImage numbers() {
  MemoryImage image;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    image.store_value({0x1000 + 8 * i}, i);
  }
  return image;
}

Address number(std::uint64_t which) {
  return {0x1000 + 8 * which};
}

constexpr Address kNowhere{0xDEAD000};

TEST(ReadBatch, TakesARiderAlongInOneCall) {
  CountingMemory memory(numbers());
  ReadBatch batch;
  ReadBatch rider;
  const Slot own = batch.add(number(7), 8);
  const Slot carried = rider.add(number(9), 8);
  ASSERT_TRUE(batch.read(memory, rider));
  EXPECT_EQ(memory.calls, 1);
  EXPECT_EQ(batch.value<std::uint64_t>(own, 0), 7);
  EXPECT_EQ(rider.value<std::uint64_t>(carried, 0), 9);
  EXPECT_TRUE(batch.all_read());
  EXPECT_TRUE(rider.all_read());
}

TEST(ReadBatch, ARiderThatCannotBeReadCostsTheBatchNothing) {
  CountingMemory memory(numbers());
  ReadBatch batch;
  ReadBatch rider;
  const Slot own = batch.add(number(7), 8);
  const Slot good = rider.add(number(9), 8);
  rider.add(kNowhere, 8);
  ASSERT_TRUE(batch.read(memory, rider));
  EXPECT_TRUE(batch.all_read());
  EXPECT_EQ(batch.value<std::uint64_t>(own, 0), 7);
  EXPECT_TRUE(rider.is_read(good));
  EXPECT_FALSE(rider.all_read());
}

TEST(ReadBatch, ARiderBehindWhatCannotBeReadIsNotRead) {
  CountingMemory memory(numbers());
  ReadBatch batch;
  ReadBatch rider;
  batch.add(kNowhere, 8);
  const Slot carried = rider.add(number(9), 8);
  ASSERT_TRUE(rider.read(memory));
  ASSERT_TRUE(batch.read(memory, rider));
  EXPECT_FALSE(batch.all_read());
  EXPECT_FALSE(rider.is_read(carried)) << "what it held before is old";
  ASSERT_TRUE(rider.read(memory));
  EXPECT_EQ(rider.value<std::uint64_t>(carried, 0), 9);
}

TEST(ReadBatch, ARiderThatIsTooLongGoesByItself) {
  CountingMemory memory(numbers());
  ReadBatch batch;
  ReadBatch rider;
  for (std::uint64_t i = 0; i < 700; ++i) {
    batch.add(number(i), 8);
    rider.add(number(1000 + i), 8);
  }
  ASSERT_TRUE(batch.read(memory, rider));
  EXPECT_EQ(memory.calls, 2);
  EXPECT_EQ(batch.value<std::uint64_t>(Slot{699}, 0), 699);
  EXPECT_EQ(rider.value<std::uint64_t>(Slot{699}, 0), 1699);
}

}  // namespace
}  // namespace lancehead::target
