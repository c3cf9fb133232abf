#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace lancehead {
namespace {

TEST(Zigzag, MapsEachSmallNumberToASmallOne) {
  EXPECT_EQ(zigzag_encode(0), 0U);
  EXPECT_EQ(zigzag_encode(-1), 1U);
  EXPECT_EQ(zigzag_encode(1), 2U);
  EXPECT_EQ(zigzag_encode(-64), 127U);
}

TEST(Bytes, EveryVarintComesBack) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value : {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit}) {
      ByteWriter out;
      out.varint(value);
      out.zigzag(static_cast<std::int64_t>(value));
      ByteReader in(out.data());
      EXPECT_EQ(in.varint(), value);
      EXPECT_EQ(in.zigzag(), static_cast<std::int64_t>(value));
      EXPECT_TRUE(in.done());
    }
  }
  ByteWriter out;
  out.varint(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out.size(), 10U);
  ByteReader in(out.data());
  EXPECT_EQ(in.varint(), std::numeric_limits<std::uint64_t>::max());
}

TEST(Bytes, FixedWidthNumbersAreLittleEndian) {
  ByteWriter out;
  out.little(std::uint32_t{0x01020304});
  EXPECT_EQ(out.data()[0], std::byte{4});
  EXPECT_EQ(out.data()[3], std::byte{1});
  ByteReader in(out.data());
  EXPECT_EQ(in.little<std::uint32_t>(), 0x01020304U);
}

TEST(ByteReader, RefusesWhatIsCutOrTooLong) {
  const Bytes cut{std::byte{0x80}};
  ByteReader in(cut);
  EXPECT_EQ(in.varint(), 0U);
  EXPECT_FALSE(in.ok());

  const Bytes endless(11, std::byte{0xFF});
  ByteReader overlong(endless);
  EXPECT_EQ(overlong.varint(), 0U);
  EXPECT_FALSE(overlong.ok());

  Bytes beyond_64_bits(9, std::byte{0xFF});
  beyond_64_bits.push_back(std::byte{0x02});
  ByteReader wide(beyond_64_bits);
  EXPECT_EQ(wide.varint(), 0U);
  EXPECT_FALSE(wide.ok());
}

TEST(ByteReader, NeverReadsPastTheEndWhateverTheLengthSays) {
  const Bytes three(3);
  ByteReader in(three);
  EXPECT_TRUE(in.bytes(std::numeric_limits<std::uint64_t>::max()).empty());
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_EQ(in.little<std::uint64_t>(), 0U);
}

}  // namespace
}  // namespace lancehead
