#include "target/thread_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "support/child.h"

namespace lancehead::target {
namespace {

using Where = SystemCall::Where;

TEST(ParseSystemCall, TellsWhereTheThreadIs) {
  EXPECT_EQ(parse_system_call("running\n").where, Where::running);
  const SystemCall call = parse_system_call("202 0x7f00a0 0x189 0x0 0x0 0x0 0x0 0x7ffe 0x7f01\n");
  EXPECT_EQ(call.where, Where::waiting);
  EXPECT_EQ(call.number, 202);
  EXPECT_EQ(call.first_argument, Address{0x7f00a0});
  EXPECT_EQ(parse_system_call("-1 0x7ffe 0x7f01\n").where, Where::outside);
}

TEST(ParseSystemCall, WhatDoesNotParseIsHidden) {
  for (const char* text : {"", "\n", "walking", "12x 0x0", "99999999999 0x0"}) {
    EXPECT_EQ(parse_system_call(text).where, Where::hidden) << text;
  }
  EXPECT_EQ(parse_system_call("7").where, Where::waiting);
  EXPECT_EQ(parse_system_call("7 0xZZ").first_argument, Address{0});
}

TEST(ParseScheduleTimes, AreNanoseconds) {
  const auto times = parse_schedule_times("123456789 42 7\n");
  ASSERT_TRUE(times.has_value());
  EXPECT_EQ(times->on_cpu, Nanoseconds(123456789));
  EXPECT_EQ(times->waiting, Nanoseconds(42));
}

TEST(ParseScheduleTimes, NothingWhereTheyDoNotParse) {
  for (const char* text : {"", "12", "a b c", "12 99999999999999999999 1", "12, 13"}) {
    EXPECT_FALSE(parse_schedule_times(text).has_value()) << text;
  }
}

TEST(ThreadFiles, ShowAChildThatWaits) {
  const testing::Child child([](const testing::ChildSide& side) {
    // A name that looks like the fields behind it.
    ::prctl(PR_SET_NAME, ") R 1 (x");
    side.tell(1);
    side.wait();
    return 0;
  });
  ASSERT_EQ(child.hear(), 1);
  const ThreadFiles files(child.pid(), child.pid());
  EXPECT_EQ(files.name(), ") R 1 (x");
  EXPECT_TRUE(testing::await([&] { return files.system_call().number == SYS_read; }));
  ASSERT_TRUE(files.processor().has_value());
  EXPECT_GE(*files.processor(), 0);
  EXPECT_LT(*files.processor(), ::sysconf(_SC_NPROCESSORS_CONF));
  EXPECT_THAT(list_kernel_threads(child.pid()).value(), ::testing::ElementsAre(child.pid()));
}

TEST(ThreadFiles, OfNoThreadSayNothing) {
  const ThreadFiles files(0x7FFFFFFF, 0x7FFFFFFF);
  EXPECT_EQ(files.system_call().where, Where::hidden);
  EXPECT_FALSE(files.schedule_times().has_value());
  EXPECT_FALSE(files.processor().has_value());
  EXPECT_EQ(files.name(), "");
  EXPECT_EQ(list_kernel_threads(0x7FFFFFFF).error(), Fault::gone);
}

}  // namespace
}  // namespace lancehead::target
