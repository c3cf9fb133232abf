#include "target/maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace lancehead::target {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ParseMaps, AMappedFile) {
  const auto maps = parse_maps(
      "55d0c0a00000-55d0c0a01000 r-xp 00002000 fe:01 1234567                    /usr/bin/x y\n");
  ASSERT_THAT(maps, SizeIs(1));
  const Mapping& mapping = maps[0];
  EXPECT_EQ(mapping.start, Address{0x55d0c0a00000});
  EXPECT_EQ(mapping.size(), 0x1000);
  EXPECT_TRUE(mapping.readable);
  EXPECT_FALSE(mapping.writable);
  EXPECT_TRUE(mapping.executable);
  EXPECT_EQ(mapping.file_offset, 0x2000);
  EXPECT_EQ(mapping.device, makedev(0xfe, 1));
  EXPECT_EQ(mapping.inode, 1234567);
  EXPECT_EQ(mapping.path, "/usr/bin/x y");
  EXPECT_TRUE(mapping.contains({0x55d0c0a00fff}));
  EXPECT_FALSE(mapping.contains({0x55d0c0a01000}));
}

TEST(ParseMaps, PathsAreAsTheKernelPrintsThem) {
  const auto path_of = [](const std::string& path) {
    return parse_maps("1000-2000 r--p 00000000 00:01 7 " + path).at(0).path;
  };
  EXPECT_EQ(path_of("/lib/libx.so (deleted)"), "/lib/libx.so (deleted)");
  EXPECT_EQ(path_of("/with\\012newline"), "/with\\012newline");
  EXPECT_EQ(path_of("/trailing space "), "/trailing space ");
  EXPECT_EQ(path_of("[heap]"), "[heap]");
  EXPECT_EQ(path_of("/測試"), "/測試");
}

TEST(ParseMaps, AnonymousMemoryHasNoPath) {
  const auto maps = parse_maps("7f00-8f00 rw-p 00000000 00:00 0 \n7f00-8f00 rw-p 0 00:00 0");
  ASSERT_THAT(maps, SizeIs(2));
  EXPECT_THAT(maps[0].path, IsEmpty());
  EXPECT_EQ(maps[1].inode, 0);
}

TEST(ParseMaps, LinesThatAreNoneArePassedOver) {
  EXPECT_THAT(parse_maps(""), IsEmpty());
  EXPECT_THAT(parse_maps("\n\n\n"), IsEmpty());
  for (const char* line : {
           "hello",
           "1000",
           "1000-",
           "1000-2000",
           "1000-2000 r-x",
           "2000-1000 r-xp 0 00:00 0",  // ends before it begins
           "1000-2000 r-xp zz 00:00 0",
           "1000-2000 r-xp 0 00 0",
           "1000-2000 r-xp 0 00:00 x",
           "10000000000000000-20000000000000000 r-xp 0 00:00 0",  // beyond 64 bits
           "-1-2000 r-xp 0 00:00 0",
       }) {
    EXPECT_THAT(parse_maps(line), IsEmpty()) << line;
    EXPECT_THAT(parse_maps(std::string(line) + "\n1000-2000 r--p 0 00:00 0\n"), SizeIs(1)) << line;
  }
}

TEST(ReadMaps, OfThisProcessHoldItsCode) {
  const auto maps = read_maps(::getpid());
  ASSERT_TRUE(maps.has_value());
  const Address here{reinterpret_cast<std::uint64_t>(&read_maps)};
  EXPECT_TRUE(std::ranges::any_of(
      *maps, [&](const Mapping& each) { return each.executable && each.contains(here); }));
}

TEST(ReadMaps, OfNoProcessIsAFault) {
  EXPECT_EQ(read_maps(0x7FFFFFFF).error(), Fault::gone);
}

}  // namespace
}  // namespace lancehead::target
