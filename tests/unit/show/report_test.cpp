// Whole reports against golden files, and what every report must keep.
#include "show/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "show/text.h"
#include "support/text_profile.h"
#include "unit/show/golden.h"

namespace lancehead::show {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string report_of(const std::string& name, const ReportOptions& options,
                      const Terminal& terminal = {}) {
  const auto profile = test::profile_from_text(test::read_data("golden/" + name + ".profile"));
  const auto text = render_report(profile, options, terminal);
  EXPECT_TRUE(text) << text.error().what;
  return text.value_or("");
}

TEST(Report, TellsWhereAProgramOfOneThreadSpendsItsTime) {
  test::expect_golden("julia.txt", report_of("julia", {}));
}

TEST(Report, UsesTheWidthItHas) {
  test::expect_golden("julia-120.txt", report_of("julia", {}, {.width = 120}));
}

TEST(Report, TellsWhoHeldTheGil) {
  test::expect_golden("threads.txt", report_of("threads", {}));
}

TEST(Report, KeepsHostileNamesHarmless) {
  test::expect_golden("hostile.txt", report_of("hostile", {}));
}

TEST(Report, GoesNoFinerThanTheJitAllows) {
  const std::string text = report_of("jit", {});
  test::expect_golden("jit.txt", text);
  EXPECT_THAT(text, Not(HasSubstr("total += n")));
  EXPECT_THAT(text, HasSubstr("loop in line 3"));
}

TEST(Report, ShowsOneViewInFull) {
  test::expect_golden("julia-tree.txt", report_of("julia", {.view = ReportView::tree}));
  test::expect_golden("threads-gil.txt",
                      report_of("threads", {.view = ReportView::line, .only_with_gil = true}));
}

TEST(Report, ListsBytecode) {
  const ReportOptions options{.view = ReportView::instruction};
  test::expect_golden("bytecode.txt", report_of("bytecode", options));
  test::expect_golden("bytecode-120.txt", report_of("bytecode", options, {.width = 120}));
}

TEST(Report, ListsTheBytecodeOfOneFunction) {
  const std::string text =
      report_of("bytecode", {.view = ReportView::instruction, .function = "total"});
  EXPECT_THAT(text, HasSubstr("total"));
  EXPECT_THAT(text, Not(HasSubstr("Other functions")));
  EXPECT_THAT(text, Not(HasSubstr("COMPARE_OP")));
}

TEST(Report, WithoutUnicodeIsAscii) {
  for (const char c : report_of("julia", {}, {.width = 80, .color = false, .unicode = false})) {
    ASSERT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

class ReportWidth : public ::testing::TestWithParam<std::tuple<const char*, std::size_t>> {};

TEST_P(ReportWidth, NoLineIsWiderThanTheTerminal) {
  const auto [name, width] = GetParam();
  for (const ReportView view : {ReportView::overview, ReportView::expression, ReportView::thread,
                                ReportView::tree, ReportView::function, ReportView::instruction}) {
    std::istringstream lines(report_of(name, {.view = view}, {.width = width}));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReportWidth,
                         ::testing::Combine(::testing::Values("julia", "threads", "hostile", "jit",
                                                              "bytecode"),
                                            ::testing::Values(80, 100, 160)));

TEST(Report, HasEscapeSequencesOnlyWithColor) {
  EXPECT_THAT(report_of("hostile", {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(report_of("hostile", {}, {.color = true}), HasSubstr("\x1b[1m"));
  EXPECT_THAT(report_of("hostile", {}, {.color = true}), Not(HasSubstr("\x1b]")));
}

TEST(Report, FiltersByFunctionAndFile) {
  const std::string text = report_of(
      "threads", {.view = ReportView::function, .filter = "^wait_|threading"}, {.width = 120});
  EXPECT_THAT(text, HasSubstr("wait_for_work"));
  EXPECT_THAT(text, HasSubstr("join"));
  EXPECT_THAT(text, Not(HasSubstr("crunch")));
}

TEST(Report, SaysWhatIsWrongWithAQuestion) {
  const auto profile = test::profile_from_text("sample MainThread holds_gil : f a.py:1");
  const auto bad_filter = render_report(profile, {.filter = "("}, {});
  ASSERT_FALSE(bad_filter);
  EXPECT_EQ(bad_filter.error().kind, ErrorKind::usage);
  const auto bad_function = render_report(profile, {.function = "F"}, {});
  ASSERT_FALSE(bad_function);
  EXPECT_EQ(bad_function.error().kind, ErrorKind::usage);
  EXPECT_THAT(bad_function.error().remedy, HasSubstr(" f"));
  const auto bad_thread = render_report(profile, {.thread = "nobody"}, {});
  ASSERT_FALSE(bad_thread);
  EXPECT_THAT(bad_thread.error().remedy, HasSubstr("MainThread"));
}

TEST(Report, OfNothingSaysSo) {
  const auto profile = test::profile_from_text("arguments empty.py");
  EXPECT_THAT(render_report(profile, {}, {}).value(), HasSubstr("No sample was taken"));
}

}  // namespace
}  // namespace lancehead::show
