#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace lancehead {
namespace {

// The published values of XXH3 for no bytes: other programs must be able to check our files.
TEST(Hash, IsXxh3WithoutASeed) {
  EXPECT_EQ(checksum({}), 0x2D06800538D394C2U);
  EXPECT_EQ(content_hash({}).bytes[0], std::byte{0x99});
  EXPECT_EQ(content_hash({}).bytes[15], std::byte{0x7F});
}

TEST(Hasher, PartsRunTogether) {
  const std::string text(1000, 'x');
  for (const std::size_t cut : {0U, 1U, 16U, 240U, 999U}) {
    Hasher hasher;
    hasher.update(std::string_view(text).substr(0, cut));
    hasher.update(std::string_view(text).substr(cut));
    EXPECT_EQ(hasher.checksum(), checksum(as_byte_span(text))) << cut;
    EXPECT_EQ(hasher.content_hash(), content_hash(as_byte_span(text))) << cut;
  }
  EXPECT_EQ(Hasher().checksum(), checksum({}));
}

}  // namespace
}  // namespace lancehead
