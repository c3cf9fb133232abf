// The report of calls: the columns, keys and edges of pstats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "show/json.h"
#include "show/report.h"
#include "support/text_profile.h"

namespace lancehead::show {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string report_of(ReportOptions options, ReportView view = ReportView::calls) {
  options.view = view;
  const auto profile = test::profile_from_text(R"(
    def fib a.py 2
    sample MainThread holds_gil x2 w=1ms : <module> a.py:5
    call MainThread x1 total=4000ms self=1000ms : <module> a.py
    call MainThread x1 total=3000ms self=500ms : <module> a.py ; fib a.py
    call MainThread x3 total=2500ms self=2500ms : <module> a.py ; fib a.py ; fib a.py
    call MainThread x7 total=0ms self=0ms : <module> a.py ; <abs> ~
  )");
  const auto text = render_report(profile, options, {});
  EXPECT_TRUE(text) << text.error().what;
  return text.value_or("");
}

std::size_t place(const std::string& text, const std::string& part) {
  EXPECT_THAT(text, HasSubstr(part));
  return text.find(part);
}

TEST(CallsReport, TheOverviewNamesThoseThatAreCalledMost) {
  const std::string text = report_of({}, ReportView::overview);
  EXPECT_THAT(text, HasSubstr("every one: 12"));
  EXPECT_LT(place(text, "       7      0 s each  {abs}"),
            place(text, "       4   750 ms each  a.py:2(fib)"));
  EXPECT_THAT(text, HasSubstr("--by calls"));
}

TEST(CallsReport, HasTheColumnsOfPstats) {
  const std::string text = report_of({});
  EXPECT_THAT(text, HasSubstr("12 function calls (9 primitive calls) in 4.000 seconds"));
  EXPECT_THAT(
      text, HasSubstr("   ncalls  tottime  percall  cumtime  percall  filename:lineno(function)"));
  EXPECT_THAT(text, HasSubstr("      4/1    3.000    0.750    3.000    3.000  a.py:2(fib)"));
  EXPECT_THAT(text, HasSubstr("        7    0.000    0.000    0.000    0.000  {abs}"));
  EXPECT_THAT(text, HasSubstr("Numbers are exact"));
}

TEST(CallsReport, SortsByTheKeysOfPstats) {
  const std::string by_time = report_of({});
  EXPECT_LT(place(by_time, "(fib)"), place(by_time, "(<module>)"));
  const std::string by_total = report_of({.sort = SortOrder::total});
  EXPECT_LT(place(by_total, "(<module>)"), place(by_total, "(fib)"));
  EXPECT_THAT(by_total, HasSubstr("Ordered by: cumulative time"));
  const std::string by_calls = report_of({.sort = SortOrder::calls});
  EXPECT_LT(place(by_calls, "{abs}"), place(by_calls, "(fib)"));
  const std::string by_line = report_of({.sort = SortOrder::line});
  EXPECT_LT(place(by_line, "{abs}"), place(by_line, "a.py:1"));
  EXPECT_LT(place(by_line, "a.py:1"), place(by_line, "a.py:2"));
}

TEST(CallsReport, TellsCallersAndCallees) {
  const std::string callers = report_of({.callers = "fib"});
  EXPECT_THAT(callers, HasSubstr("was called by"));
  EXPECT_THAT(callers, HasSubstr("        1    0.500    3.000  a.py:1(<module>)"));
  EXPECT_THAT(callers, HasSubstr("        3    2.500    2.500  a.py:2(fib)"));
  EXPECT_THAT(callers, Not(HasSubstr("{abs}")));
  const std::string callees = report_of({.callees = "module"});
  EXPECT_THAT(callees, HasSubstr("        7    0.000    0.000  {abs}"));
  EXPECT_FALSE(render_report(test::profile_from_text(""), {.callers = "("}, {}));
}

TEST(CallsReport, SaysWhereNoneWereCounted) {
  const auto text = render_report(test::profile_from_text(""), {.view = ReportView::calls}, {});
  EXPECT_THAT(text.value_or(""), HasSubstr("--calls"));
}

TEST(CallsReport, IsThereForPrograms) {
  const auto profile = test::profile_from_text(R"(
    call MainThread x2 total=9us self=9us : f a.py
    call_cost python_inside=1000 python_outside=500
  )");
  const auto json = render_json(profile, {.view = ReportView::calls}).value_or("");
  for (const char* part : {"\"calls\": 2", "\"self_measured_ns\": 9000", "\"self_ns\": 7000",
                           "\"inside\": 1000.0", "\"caller\": null"}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
}

}  // namespace
}  // namespace lancehead::show
