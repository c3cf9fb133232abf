#include "code/exception_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace lancehead::code {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Bytes = std::vector<std::uint8_t>;

TEST(ExceptionTable, DecodesNumbersOfSeveralBytes) {
  // begin 2, length 12, target 53 (0 << 6 | 53), depth 1 with lasti; then begin 65 = 1 << 6 | 1.
  const Bytes table = {0x80 | 2, 12, 53, 3, 0x80 | 0x40 | 1, 1, 1, 2, 0};
  EXPECT_THAT(decode_exception_table(table), ElementsAre(ExceptionEntry{4, 28, 106, 1, true},
                                                         ExceptionEntry{130, 132, 4, 0, false}));
}

TEST(ExceptionTable, OfNothingIsEmpty) {
  EXPECT_THAT(decode_exception_table({}), IsEmpty());
}

TEST(ExceptionTable, LeavesOutWhatIsDamaged) {
  EXPECT_THAT(decode_exception_table(Bytes{0x82, 12, 53}), IsEmpty());
  EXPECT_THAT(decode_exception_table(Bytes(40, 0x7F)), IsEmpty());  // a number without an end
  std::mt19937 random(7);
  for (int round = 0; round < 1000; ++round) {
    Bytes bytes(random() % 64);
    for (auto& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    for (const ExceptionEntry& entry : decode_exception_table(bytes)) {
      EXPECT_LE(entry.begin, entry.end);
    }
  }
}

}  // namespace
}  // namespace lancehead::code
