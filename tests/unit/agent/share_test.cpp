// What an agent writes into the share is what the recorder reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "agent/share_reader.h"
#include "agent/share_writer.h"

namespace lancehead::agent {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class Share : public testing::Test {
 protected:
  Share()
      : path(std::filesystem::temp_directory_path() /
             ("lancehead-share-" + std::to_string(::getpid()))),
        reader(*ShareReader::create(path, "include a*\nexclude b*\n")) {}
  ~Share() override { std::filesystem::remove(path); }

  // A code object with `count` counters, the first of which counts.
  static std::uint64_t* announce(ShareWriter& writer, const std::string& name) {
    CodeRecord record{
        .code = {.name = name, .filename = "file.py"}, .probe_count = 2, .instruction_count = 3};
    const Counters probes = writer.new_counters(2);
    const Counters raised = writer.new_counters(3);
    record.probes = probes.place;
    record.raised = raised.place;
    EXPECT_TRUE(writer.write(RecordKind::code, encode(record)));
    return probes.first;
  }

  [[nodiscard]] std::vector<std::uint64_t> counts(const ShareReader::Process& process,
                                                  std::size_t record) const {
    const CodeRecord& code = *reader.records()[record].code;
    return reader.counters(process, code.probes, code.probe_count)
        .value_or(std::vector<std::uint64_t>());
  }

  std::filesystem::path path;
  ShareReader reader;
};

TEST_F(Share, CarriesRecordsAndCounters) {
  ShareWriter writer(path.c_str(), 0x030D00F0);
  ASSERT_TRUE(writer.is_open());
  EXPECT_EQ(writer.configuration(), "include a*\nexclude b*\n");
  std::uint64_t* counter = announce(writer, "f");
  counter[0] = 7;
  counter[1] = 34'219'980;
  EXPECT_TRUE(reader.poll());
  ASSERT_THAT(reader.processes(), SizeIs(1));
  EXPECT_EQ(reader.processes()[0].record.python_version, 0x030D00F0U);
  ASSERT_THAT(reader.records(), SizeIs(1));
  EXPECT_EQ(reader.records()[0].code->code.name, "f");
  EXPECT_THAT(counts(reader.processes()[0], 0), ElementsAre(7, 34'219'980));
  EXPECT_FALSE(reader.poll());
}

// A program whose recorder was replaced by another on the same file got SIGBUS.
TEST_F(Share, AnotherRecorderLeavesAProgramItsMemory) {
  ShareWriter writer(path.c_str(), 0);
  std::uint64_t* counter = announce(writer, "f");
  ASSERT_TRUE(ShareReader::create(path, ""));
  counter[0] = 5;
  reader.poll();
  EXPECT_THAT(counts(reader.processes()[0], 0), ElementsAre(5, 0));
}

TEST_F(Share, GrowsBySegments) {
  ShareWriter writer(path.c_str(), 0);
  for (int i = 0; i < 60'000; ++i) {
    announce(writer, "f" + std::to_string(i))[1] = static_cast<std::uint64_t>(i);
  }
  reader.poll();
  ASSERT_THAT(reader.records(), SizeIs(60'000));
  EXPECT_GT(reader.processes()[0].counters.size(), 1U);
  EXPECT_THAT(counts(reader.processes()[0], 59'999), ElementsAre(0, 59'999));
}

TEST_F(Share, AForkedChildCountsForItself) {
  ShareWriter writer(path.c_str(), 0);
  std::uint64_t* counter = announce(writer, "both");
  counter[0] = 5;
  const pid_t child = ::fork();
  if (child == 0) {
    writer.begin_child();
    counter[0] += 3;
    announce(writer, "child's")[1] = 9;
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  counter[0] += 1;
  reader.poll();
  ASSERT_THAT(reader.processes(), SizeIs(2));
  const ShareReader::Process& forked = reader.processes()[1];
  EXPECT_EQ(forked.record.parent, 0U);
  EXPECT_THAT(forked.lineage, ElementsAre(0, 1));
  EXPECT_THAT(counts(reader.processes()[0], 0), ElementsAre(6, 0));
  EXPECT_THAT(counts(forked, 0), ElementsAre(3, 0));
  EXPECT_THAT(counts(forked, 1), ElementsAre(0, 9));
}

TEST_F(Share, SurvivesDamage) {
  {
    ShareWriter writer(path.c_str(), 0);
    for (int i = 0; i < 50; ++i) {
      announce(writer, "f");
    }
  }
  const auto size = std::filesystem::file_size(path);
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      for (int change = 0; change < 20; ++change) {
        // Most of the file is empty: hit headers and records.
        const std::uint64_t page = 4096 * (17 + random() % 3);
        file.seekp(static_cast<std::streamoff>((page + random() % 512) % size));
        file.put(static_cast<char>(random()));
      }
    }
    auto damaged = ShareReader::open(path);
    ASSERT_TRUE(damaged.has_value());
    damaged->poll();
    for (const ShareReader::Process& process : damaged->processes()) {
      for (const std::size_t index : process.lineage) {
        if (const auto& code = damaged->records()[index].code) {
          (void)damaged->counters(process, code->probes, code->probe_count);
        }
      }
    }
  }
}

TEST(ShareWriter_, SaysWhenThereIsNoShare) {
  EXPECT_FALSE(ShareWriter("/nowhere/at/all", 0).is_open());
}

}  // namespace
}  // namespace lancehead::agent
