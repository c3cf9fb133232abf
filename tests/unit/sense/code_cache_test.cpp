// Code objects of recorded processes, and what stands in their place later.
#include "sense/code_cache.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "record/reader.h"
#include "record/writer.h"
#include "sense/losses.h"
#include "sense/stack_memory.h"
#include "support/recorded_process.h"
#include "target/recorded_memory.h"

namespace lancehead::sense {
namespace {

using target::Address;

target::MemoryImage load(const std::string& minor) {
  std::ifstream file(LANCEHEAD_TEST_DATA "/images/python" + minor + ".image", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return target::MemoryImage::decode(as_byte_span(bytes)).value();
}

// A recording in a folder that goes away with the test.
class Recording {
 public:
  Recording() {
    std::string name = (std::filesystem::temp_directory_path() / "lancehead-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    writer_ = record::Writer::create(folder_ / "test.lancehead").value();
  }
  ~Recording() {
    writer_.reset();
    std::filesystem::remove_all(folder_);
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  [[nodiscard]] record::Writer& writer() { return *writer_; }

  [[nodiscard]] schema::Tables finish() {
    EXPECT_TRUE(writer_->finish().has_value());
    return record::read(folder_ / "test.lancehead").value().tables;
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<record::Writer> writer_;
};

class CodesOfVersions : public ::testing::TestWithParam<std::string> {
 protected:
  CodesOfVersions()
      : memory_(load(GetParam())),
        process_(testing::describe_recorded(memory_).value()),
        log_(recording_.writer(), Nanoseconds()),
        files_(0, false, {}),
        codes_(memory_, process_.layout, log_, schema::SessionId(0), files_) {
    const auto interpreters =
        python::list_interpreters(memory_, process_.layout, process_.runtime).value();
    for (const python::Interpreter& interpreter : interpreters) {
      const auto threads =
          python::list_threads(memory_, process_.layout, interpreter.address).value();
      for (const Address thread : threads) {
        auto stack = testing::read_stack(memory_, process_.layout, thread);
        if (stack && stack->size() > stack_.size()) {
          stack_ = std::move(*stack);
          look_ = std::make_unique<ThreadLook>(memory_, process_.layout, thread, interpreter.gil);
        }
      }
    }
    EXPECT_EQ(look_->look_twice(), Stillness::proven);
  }

  // As looks do that are `later` than the one before.
  schema::StackId resolve(Nanoseconds later = std::chrono::milliseconds(1)) {
    now_ += later;
    const RefreshPlan plan = stacks_.plan_refresh(stack_, now_);
    codes_.refresh(plan.now, plan.next, *look_);
    codes_.learn_new();
    return stacks_.resolve(stack_, codes_, log_);
  }

  // Gives the code object of a frame another name.
  void rename(const python::RawFrame& frame) {
    const Address name = memory_.read_pointer(frame.code + process_.layout.code.name.bytes).value();
    memory_.image.store_value(name + process_.layout.unicode.length.bytes, std::uint64_t{4});
    memory_.image.store(name + process_.layout.unicode.ascii_data, as_byte_span("else"));
    if (process_.layout.code.qualified_name.present()) {
      memory_.image.store_value(frame.code + process_.layout.code.qualified_name.bytes, name);
    }
  }

  // The name of the leaf of a stack.
  static std::string leaf(const schema::Tables& tables, schema::StackId stack) {
    const schema::CodeId code = tables.frames.code[tables.stacks.frame[stack.row()].row()];
    return std::string(tables.strings.text[tables.codes.name[code.row()].row()]);
  }

  target::RecordedMemory memory_;
  testing::PythonProcess process_;
  Recording recording_;
  CaptureLog log_;
  SourceFiles files_;
  CodeCache codes_;
  StackMemory stacks_;
  python::RawStack stack_;
  std::unique_ptr<ThreadLook> look_;
  Nanoseconds now_ = std::chrono::seconds(1);
};

INSTANTIATE_TEST_SUITE_P(Versions, CodesOfVersions,
                         ::testing::Values("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14",
                                           "3.15"),
                         [](const auto& tested) { return "Python3_" + tested.param.substr(2); });

TEST_P(CodesOfVersions, TheSameStackIsOneRow) {
  const schema::StackId first = resolve();
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  EXPECT_EQ(resolve(), first);
  EXPECT_EQ(codes_.replaced(), 0);
  const schema::Tables tables = recording_.finish();
  EXPECT_EQ(tables.stacks.size(), stack_.size());
  EXPECT_EQ(leaf(tables, first), "wait_for_end");
  EXPECT_LT(tables.codes.size(), stack_.size()) << "recursion is one code object";
}

// All the addresses in the code object may be the same again: the name's text tells.
TEST_P(CodesOfVersions, OtherCodeAtTheSameAddressIsNoticed) {
  const schema::StackId first = resolve();
  rename(stack_.front());
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  const schema::StackId second = resolve();
  EXPECT_NE(second, first);
  EXPECT_EQ(codes_.replaced(), 1);
  const schema::Tables tables = recording_.finish();
  EXPECT_EQ(leaf(tables, first), "wait_for_end");
  EXPECT_EQ(leaf(tables, second), "else");
}

// The look reads the name along from where it was; a new code object at the same address has
// another. What was put together of both was taken for a third code object, which could not be
// read.
TEST_P(CodesOfVersions, OtherCodeWithItsNameElsewhereIsReadAtOnce) {
  (void)resolve();
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  (void)resolve();
  const Address code = stack_.front().code;
  const Address name =
      memory_.read_pointer(stack_[1].code + process_.layout.code.name.bytes).value();
  memory_.image.store_value(code + process_.layout.code.name.bytes, name);
  if (process_.layout.code.qualified_name.present()) {
    memory_.image.store_value(code + process_.layout.code.qualified_name.bytes, name);
  }
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  const schema::StackId second = resolve();
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  EXPECT_EQ(resolve(), second);
  EXPECT_EQ(codes_.replaced(), 1);
  const schema::Tables tables = recording_.finish();
  const std::string caller = leaf(tables, tables.stacks.parent[second.row()]);
  EXPECT_EQ(leaf(tables, second), caller);
}

// Looks that follow each other at once check the leaf each time, and its callers soon.
TEST_P(CodesOfVersions, LooksInQuickSuccessionNoticeOtherCodeToo) {
  const schema::StackId first = resolve();
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  EXPECT_EQ(resolve(std::chrono::microseconds(3)), first);
  rename(stack_.front());
  ASSERT_EQ(look_->look_twice(), Stillness::proven);
  EXPECT_NE(resolve(std::chrono::microseconds(3)), first);
  EXPECT_EQ(codes_.replaced(), 1);
  rename(stack_[1]);
  for (int i = 0; i < 600 && codes_.replaced() < 2; ++i) {
    ASSERT_EQ(look_->look_twice(), Stillness::proven);
    (void)resolve(std::chrono::microseconds(3));
  }
  EXPECT_EQ(codes_.replaced(), 2);
}

// A function that was made, run and freed at once was shown in a file of ten zero bytes: its memory
// was as before but for the name of the file, which had been used again.
TEST_P(CodesOfVersions, FreedCodeIsAMark) {
  memory_.image.store_value(stack_.front().code, std::uint64_t{0x7F3412345670});
  const schema::StackId stack = resolve();
  const schema::Tables tables = recording_.finish();
  EXPECT_EQ(leaf(tables, stack), "[unreadable code]");
}

TEST_P(CodesOfVersions, CodeThatCannotBeReadIsAMark) {
  stack_.front().code = {0xDEAD0000};
  const schema::StackId stack = resolve();
  const schema::Tables tables = recording_.finish();
  EXPECT_EQ(tables.stacks.size(), stack_.size()) << "no frame is missing";
  EXPECT_EQ(leaf(tables, stack), "[unreadable code]");
}

TEST(Losses, AreAddedUpByThreadAndReason) {
  Recording recording;
  CaptureLog log(recording.writer(), std::chrono::milliseconds(1));
  Losses losses;
  const schema::ContextId thread = log.append(schema::ContextRow{});
  const schema::ContextId other = log.append(schema::ContextRow{});
  losses.add(thread, schema::LossReason::budget, std::chrono::microseconds(10));
  losses.add(thread, schema::LossReason::budget, std::chrono::microseconds(20));
  losses.add(other, schema::LossReason::budget, std::chrono::microseconds(5));
  losses.write(log, std::chrono::milliseconds(3));
  losses.write(log, std::chrono::milliseconds(4));
  const schema::Tables tables = recording.finish();
  ASSERT_EQ(tables.losses.size(), 2);
  EXPECT_EQ(tables.losses.context[0], thread);
  EXPECT_EQ(tables.losses.count[0], 2);
  EXPECT_EQ(tables.losses.weight[0], 30'000);
  EXPECT_EQ(tables.losses.time[0], 2'000'000);
  EXPECT_EQ(tables.losses.weight[1], 5'000);
}

}  // namespace
}  // namespace lancehead::sense
