// Where a recording cannot be written.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/unique_fd.h"
#include "record/format.h"
#include "record/lock.h"
#include "unit/record/support.h"

namespace lancehead::record {
namespace {

using testing::Folder;

TEST(Create, AFileThatIsThereIsLeftAloneUnlessForced) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  testing::store(path, as_byte_span("precious"));
  const auto refused = Writer::create(path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_NE(refused.error().what.find("already there"), std::string::npos);
  EXPECT_EQ(as_text(testing::load(path)), "precious");

  auto forced = Writer::create(path, {.force = true});
  ASSERT_TRUE(forced);
  ASSERT_TRUE((*forced)->finish());
  EXPECT_TRUE(read(path));
}

TEST(Create, WhatAnotherRecorderWritesIsLeftAloneEvenIfForced) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  auto first = Writer::create(path);
  ASSERT_TRUE(first);
  EXPECT_TRUE(is_being_recorded(path));
  const auto refused = Writer::create(path, {.force = true});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  EXPECT_NE(refused.error().what.find("another lancehead"), std::string::npos);
  ASSERT_TRUE((*first)->finish());
  first->reset();
  EXPECT_FALSE(is_being_recorded(path));
  EXPECT_TRUE(Writer::create(path, {.force = true}));
}

TEST(Create, SaysWhatIsWrongWithThePlace) {
  const Folder folder;
  const auto missing = Writer::create(folder / "no/such/folder/a.lancehead");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
  EXPECT_NE(missing.error().what.find("No such file or directory"), std::string::npos);
  EXPECT_NE(missing.error().remedy.find("Make the folder"), std::string::npos);

  const auto is_folder = Writer::create(folder / "", {.force = true});
  ASSERT_FALSE(is_folder);
  EXPECT_NE(is_folder.error().remedy.find("That is a folder"), std::string::npos);
}

TEST(Create, AFullDiskIsSaidAtOnce) {
  const auto writer = Writer::create("/dev/full", {.force = true});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, ErrorKind::io);
  EXPECT_NE(writer.error().what.find("No space left"), std::string::npos);
}

// Limits the size of files that this process writes, as a full disk would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(Write, WhenTheDiskIsFullItStopsSaysSoOnceAndTheRestCanBeRead) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  const schema::Tables tables = testing::random_tables(11, 400);
  std::size_t said = 0;
  bool finished = true;
  {
    const FileSizeLimit limit(20'000);
    auto writer = Writer::create(path);
    ASSERT_TRUE(writer);
    for (std::size_t row = 0; row < 400; row += 20) {
      testing::append_all(**writer, tables, row, row + 20);
      said += (*writer)->flush() ? 0U : 1U;
    }
    const auto result = (*writer)->finish();
    finished = result.has_value();
    ASSERT_FALSE(finished);
    EXPECT_EQ(result.error().kind, ErrorKind::incomplete);
    EXPECT_NE(result.error().what.find("File too large"), std::string::npos);
  }
  EXPECT_LE(said, 1U);
  EXPECT_FALSE(finished);
  EXPECT_LE(std::filesystem::file_size(path), 20'000U);
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  EXPECT_FALSE(recording->complete);
  EXPECT_GT(recording->tables.strings.size(), 20U);
  EXPECT_LT(recording->tables.strings.size(), 400U);
  // The file was cut back to whole chunks.
  for (const Damage& damage : recording->damage) {
    EXPECT_EQ(damage.kind, DamageKind::ids) << damage.what;
  }
}

// What is appended reaches the kernel without finish(): a child is killed after its flush.
TEST(Write, AKilledRecorderLeavesWhatItFlushed) {
  const Folder folder;
  const auto path = folder / "a.lancehead";
  const UniqueFd watch(::inotify_init1(IN_CLOEXEC));
  ASSERT_GE(::inotify_add_watch(watch.get(), (folder / "").c_str(), IN_CREATE | IN_MODIFY), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto writer = Writer::create(path);
    (*writer)->append(schema::StringRow{.text = "flushed"});
    if ((*writer)->flush()) {
      // The parent kills us once the file has grown.
      ::pause();
    }
    ::_exit(1);
  }
  while (!std::filesystem::exists(path) || std::filesystem::file_size(path) <= kFileHeaderSize) {
    std::array<char, 4096> events{};
    ASSERT_GT(::read(watch.get(), events.data(), events.size()), 0);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const auto recording = read(path);
  ASSERT_TRUE(recording);
  EXPECT_FALSE(recording->complete);
  ASSERT_EQ(recording->tables.strings.size(), 1U);
  EXPECT_EQ(recording->tables.strings.text[0], "flushed");
}

}  // namespace
}  // namespace lancehead::record
