// Recordings of older format versions are read as the current one would have written them.
#include "record/upgrade.h"

#include <gtest/gtest.h>

#include <cmath>

#include "record/reader.h"
#include "schema/tables.h"
#include "unit/record/support.h"

namespace lancehead::record {
namespace {

constexpr std::uint8_t kSamples = schema::SampleTable::kNumber;

// Three samples as version 1 wrote them, in microseconds: weights of 1000, 500 and 2000, and CPU
// times of 900, 600 and 0: more than the weight, where the kernel counts in ticks.
Bytes three_old_samples() {
  ByteWriter out;
  for (const std::int64_t time_step : {1000, 400, 2000}) {
    out.zigzag(time_step);
  }
  for (const std::int64_t context_step : {3, 0, 0}) {
    out.zigzag(context_step);
  }
  for (const std::uint64_t stack : {7U, 7U, 0U}) {
    out.varint(stack);
  }
  for (const std::int64_t weight_beyond_time_step : {1000, 100, 0}) {
    out.zigzag(weight_beyond_time_step);
  }
  for (const std::int64_t cpu_step : {900, -300, -600}) {
    out.zigzag(cpu_step);
  }
  for (int other_column = 0; other_column < 8; ++other_column) {
    for (int row = 0; row < 3; ++row) {
      out.varint(0);
    }
  }
  return out.take();
}

TEST(Upgrade, OnlySamplesOfVersionOneNeedIt) {
  EXPECT_TRUE(needs_upgrade(kSamples, 1));
  EXPECT_FALSE(needs_upgrade(kSamples, schema::kFormatVersion));
  EXPECT_FALSE(needs_upgrade(schema::StackTable::kNumber, 1));
}

TEST(Upgrade, CpuTimeBecomesAShareOfTheWeight) {
  const auto upgraded = upgrade_chunk(three_old_samples(), 3);
  ASSERT_TRUE(upgraded);
  schema::SampleTable samples;
  ASSERT_TRUE(samples.decode(*upgraded, 3));
  EXPECT_EQ(samples.time, (std::vector<std::int64_t>{1'000'000, 1'400'000, 3'400'000}));
  EXPECT_EQ(samples.weight, (std::vector<std::int64_t>{1'000'000, 500'000, 2'000'000}));
  EXPECT_EQ(samples.cpu_share, (std::vector<std::uint32_t>{900'000, 1'200'000, 0}));
  EXPECT_EQ(samples.stack[1], schema::StackId(6));
}

TEST(Upgrade, EveryCutIsRefused) {
  const Bytes whole = three_old_samples();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto upgraded = upgrade_chunk(std::span(whole).first(length), 3);
    schema::SampleTable samples;
    EXPECT_FALSE(upgraded && samples.decode(*upgraded, 3)) << length;
  }
  EXPECT_FALSE(upgrade_chunk(whole, std::size_t{1} << 40U));
}

// Made by the last lancehead that wrote version 1: a main thread with 81 155 µs of CPU time, and a
// thread that sleeps.
TEST(Upgrade, ARecordingOfVersionOneIsReadWhole) {
  const auto recording = read(LANCEHEAD_TEST_DATA "/recordings/version-1.lancehead");
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->version, 1U);
  EXPECT_TRUE(recording->complete);
  EXPECT_TRUE(recording->damage.empty());
  const schema::SampleTable& samples = recording->tables.samples;
  EXPECT_EQ(samples.size(), 109U);
  double cpu = 0;
  for (std::size_t row = 0; row < samples.size(); ++row) {
    cpu += static_cast<double>(samples.weight[row]) * samples.cpu_share[row] / 1e6;
  }
  EXPECT_NEAR(cpu, 81'155'000, 1000);
}

// The chunks say the version again; where they were not asked, all of them were refused.
TEST(Upgrade, ADamagedHeaderLosesNoChunkOfVersionOne) {
  Bytes file = testing::load(LANCEHEAD_TEST_DATA "/recordings/version-1.lancehead");
  file[8] ^= std::byte{0x10};
  const auto recording = read_bytes(file, "damaged");
  ASSERT_TRUE(recording);
  EXPECT_EQ(recording->version, 1U);
  EXPECT_EQ(recording->damage.size(), 1U) << "the header alone";
  EXPECT_EQ(recording->tables.samples.size(), 109U);
}

}  // namespace
}  // namespace lancehead::record
