// The bytes of pstats and line_profiler files; that these tools read them is tested end to end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "show/lprof_file.h"
#include "show/pstats_file.h"
#include "support/text_profile.h"

namespace lancehead::show {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kProgram =
    "source app.py\n"
    "| def f():\n"
    "|     return 1\n"
    "def f app.py 1\n"
    "sample MainThread holds_gil : f app.py:2\n";

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) {
    text += static_cast<char>(value);
  }
  return text;
}

TEST(PstatsFile, IsAMarshalledDict) {
  const auto profile = test::profile_from_text(kProgram);
  constexpr std::uint64_t kMany = 5'000'000'000;
  analyze::FunctionEdges f{.function = profile::FunctionId(0),
                           .figures = {.count = kMany, .primitive = 1, .self = 2.5e9, .total = 0},
                           .callers = {}};
  f.callers[f.function] = {.count = 3, .primitive = 1, .self = 0, .total = 0};
  const std::string file = pstats_file(profile, {.is_exact = true, .functions = {f}});
  EXPECT_THAT(file, StartsWith("{(" + bytes({3, 0, 0, 0}) + "u" + bytes({6, 0, 0, 0}) + "app.py"));
  // As marshal.dumps(5000000000, 2) and marshal.dumps(2.5, 2) have it.
  EXPECT_THAT(file, HasSubstr("i" + bytes({1, 0, 0, 0}) +
                              bytes({0x6c, 3, 0, 0, 0, 0x00, 0x72, 0x0b, 0x54, 0x04, 0x00}) +
                              bytes({0x67, 0, 0, 0, 0, 0, 0, 4, 0x40})));
  // In an entry of `callers` the number of all calls comes first.
  EXPECT_THAT(file, HasSubstr("(" + bytes({4, 0, 0, 0}) + "i" + bytes({3, 0, 0, 0}) + "i" +
                              bytes({1, 0, 0, 0})));
  EXPECT_THAT(file, EndsWith("00"));
  EXPECT_THAT(file, Not(HasSubstr("sampled by")));
}

TEST(PstatsFile, SaysThatItIsSampled) {
  const auto profile = test::profile_from_text(kProgram);
  EXPECT_THAT(pstats_file(profile, {.is_exact = false, .functions = {}}),
              HasSubstr("<sampled by lancehead: calls are numbers of samples>"));
}

TEST(LprofFile, IsNotMadeWithoutCounts) {
  const auto profile = test::profile_from_text(kProgram);
  const auto file = lprof_file(profile, analyze::select(profile, {}));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace lancehead::show
