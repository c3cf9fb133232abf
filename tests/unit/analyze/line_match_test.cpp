#include "analyze/line_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace lancehead::analyze {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Lines = std::vector<std::string_view>;

TEST(MatchLines, FindsLinesBehindInsertedAndDeletedOnes) {
  const Lines before = {"a", "b", "c", "d"};
  const Lines after = {"new", "a", "c", "d"};
  EXPECT_THAT(match_lines(before, after),
              ElementsAre(LinePair{1, 2, true}, LinePair{3, 3, true}, LinePair{4, 4, true}));
}

TEST(MatchLines, FindsABlockThatWasMoved) {
  const Lines before = {"def f():", "    return 1", "", "def g():", "    x = 2", "    return x"};
  const Lines after = {"def g():", "    x = 2", "    return x", "", "def f():", "    return 1"};
  EXPECT_THAT(match_lines(before, after),
              ElementsAre(LinePair{4, 1, true}, LinePair{5, 2, true}, LinePair{6, 3, true},
                          LinePair{1, 5, true}, LinePair{2, 6, true}));
}

TEST(MatchLines, TakesIndentedLinesForTheSame) {
  const Lines before = {"a()", "b()"};
  const Lines after = {"if x:", "    a()", "    b()"};
  EXPECT_THAT(match_lines(before, after), ElementsAre(LinePair{1, 2, true}, LinePair{2, 3, true}));
}

TEST(MatchLines, TakesALineWrittenOverForTheOldOne) {
  const Lines before = {"def f(x):", "    y = x * x", "    return y"};
  const Lines after = {"def f(x):", "    y = pow(x, 2)", "    return y"};
  EXPECT_THAT(match_lines(before, after),
              ElementsAre(LinePair{1, 1, true}, LinePair{2, 2, false}, LinePair{3, 3, true}));
}

TEST(MatchLines, FindsTheEditedLineAmongNewOnes) {
  const Lines before = {"begin", "total = total + weight * price", "end"};
  const Lines after = {"begin", "# the tax", "tax = 3", "total = total + weight * price * tax",
                       "end"};
  EXPECT_THAT(match_lines(before, after),
              ElementsAre(LinePair{1, 1, true}, LinePair{2, 4, false}, LinePair{3, 5, true}));
}

TEST(MatchLines, KeepsRepeatedLinesInOrder) {
  const Lines before = {"x += 1", "a", "x += 1", "b", "x += 1"};
  const Lines after = {"x += 1", "a", "x += 1", "b", "x += 1"};
  const auto pairs = match_lines(before, after);
  ASSERT_EQ(pairs.size(), 5U);
  for (const LinePair& pair : pairs) {
    EXPECT_EQ(pair.before, pair.after);
  }
}

TEST(MatchLines, KnowsTextsWithNothingInCommon) {
  EXPECT_THAT(match_lines(Lines{}, Lines{"a"}), IsEmpty());
  EXPECT_THAT(match_lines(Lines{"a"}, Lines{}), IsEmpty());
  EXPECT_THAT(match_lines(Lines{"alpha", "beta"}, Lines{"12345", "67890", "..."}), IsEmpty());
}

TEST(MatchLines, IsQuickOnLongTextsOfEqualLines) {
  const std::string line = "x";
  const Lines before(20'000, line);
  const Lines after(30'000, line);
  EXPECT_EQ(match_lines(before, after).size(), 20'000U);
}

}  // namespace
}  // namespace lancehead::analyze
