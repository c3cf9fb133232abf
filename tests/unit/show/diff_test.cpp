// Differences of two recordings as text, as JSON, and as the page takes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "show/diff_answer.h"
#include "show/diff_json.h"
#include "show/diff_report.h"
#include "show/html/page_model.h"
#include "show/text.h"
#include "support/text_profile.h"
#include "unit/show/golden.h"

namespace lancehead::show {
namespace {

using nlohmann::json;
using profile::Profile;
using ::testing::HasSubstr;
using ::testing::Not;

Profile profile_of(const std::string& name) {
  return test::profile_from_text(test::read_data("golden/" + name + ".profile"));
}

class ShowDiff : public ::testing::Test {
 protected:
  std::string text_of(const DiffOptions& options, const Terminal& terminal = {}) {
    const auto answer = answer_diff(before_, after_, options);
    EXPECT_TRUE(answer);
    return render_diff(*answer, {.before = "old.lancehead", .after = "new.lancehead"}, options,
                       terminal);
  }
  json json_of(const DiffOptions& options) {
    const auto answer = answer_diff(before_, after_, options);
    EXPECT_TRUE(answer);
    return json::parse(render_diff_json(*answer, options));
  }

  Profile before_ = profile_of("diff-before");
  Profile after_ = profile_of("diff-after");
};

TEST_F(ShowDiff, TellsWhatChanged) {
  test::expect_golden("diff.txt", text_of({}));
}

TEST_F(ShowDiff, TellsAllExpressions) {
  test::expect_golden("diff-expressions.txt", text_of({.view = DiffView::expression, .limit = 0}));
}

TEST_F(ShowDiff, FindsNothingInOneRecordingTwice) {
  const auto answer = answer_diff(before_, before_, {});
  ASSERT_TRUE(answer);
  EXPECT_STREQ(verdict_word(findings_of(*answer)), "same");
  EXPECT_DOUBLE_EQ(answer->diff.matched, 1);
  EXPECT_THAT(render_diff(*answer, {.before = "a", .after = "a"}, {}, {}),
              HasSubstr("Nothing changed beyond noise."));
}

// 17 samples told a speed of -56 %, with an interval that did not hold the truth.
TEST_F(ShowDiff, WarnsOfASpeedThatIsToldFromFewSamples) {
  EXPECT_THAT(text_of({}), Not(HasSubstr("may be wrong")));
  const auto few =
      test::profile_from_text("sample MainThread holds_gil x17 w=1ms : <module> a.py:1\n");
  const auto answer = answer_diff(few, few, {});
  ASSERT_TRUE(answer);
  EXPECT_THAT(render_diff(*answer, {.before = "a", .after = "a"}, {}, {}),
              HasSubstr("One of them has 17 samples"));
}

TEST_F(ShowDiff, NamesTheSlowerExpressionFirstInJson) {
  const json found = json_of({});
  EXPECT_EQ(found["format"], "lancehead-diff");
  EXPECT_EQ(found["version"], 1);
  EXPECT_EQ(found["verdict"], "slower");
  EXPECT_NEAR(found["speed"][0]["factor"].get<double>(), 1, 0.01);
  const json& first = found["expressions"][0];
  EXPECT_EQ(first["verdict"], "slower");
  EXPECT_EQ(first["before"]["line"], 9);
  EXPECT_EQ(first["after"]["line"], 11);
  const json& own = first["own"];
  EXPECT_EQ(own["difference_ns"],
            own["after_ns"].get<std::int64_t>() - own["before_ns"].get<std::int64_t>());
  EXPECT_GT(own["low_ns"], 0);
  // What is new has no place in the first recording.
  EXPECT_TRUE(found["expressions"][1]["before"].is_null());
  EXPECT_EQ(found["expressions"][1]["after"]["line"], 13);
}

TEST_F(ShowDiff, LeavesOutWhatWasNotAskedFor) {
  const json lines = json_of({.view = DiffView::line, .limit = 1});
  EXPECT_FALSE(lines.contains("functions"));
  EXPECT_EQ(lines["lines"].size(), 1U);
  const json main = json_of({.filter = "^main$"});
  for (const json& row : main["functions"]) {
    EXPECT_EQ(row["after"]["name"], "main");
  }
  const json all = json_of({.threshold = 0.2});
  EXPECT_EQ(all["slower"], 0);
}

TEST_F(ShowDiff, SaysWhereThereIsNothingToCompare) {
  Profile empty = test::profile_from_text("python 3.13.0");
  const std::pair<Profile*, Profile*> pairs[] = {
      {&before_, &empty}, {&empty, &after_}, {&empty, &empty}};
  for (const auto& [before, after] : pairs) {
    const auto answer = answer_diff(*before, *after, {});
    ASSERT_TRUE(answer);
    EXPECT_STREQ(verdict_word(findings_of(*answer)), "same");
    EXPECT_THAT(render_diff(*answer, {}, {}, {}), HasSubstr("nothing to compare"));
    EXPECT_TRUE(json::parse(render_diff_json(*answer, {}))["functions"].is_array());
  }
}

TEST_F(ShowDiff, WithoutUnicodeIsAscii) {
  for (const char c : text_of({}, {.width = 80, .color = false, .unicode = false})) {
    ASSERT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

TEST_F(ShowDiff, SaysWhatIsWrongWithAQuestion) {
  EXPECT_FALSE(answer_diff(before_, after_, {.filter = "("}));
  const auto answer = answer_diff(before_, after_, {.thread = "nobody"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::usage);
}

TEST(ShowDiffOfOthers, KeepsHostileNamesHarmlessAndLinesNarrow) {
  const Profile hostile = profile_of("hostile");
  for (const char* other : {"julia", "threads", "jit", "hostile"}) {
    const Profile profile = profile_of(other);
    for (const DiffView view :
         {DiffView::all, DiffView::function, DiffView::line, DiffView::expression}) {
      const DiffOptions options{.view = view, .limit = 0, .threshold = 0};
      for (const auto* pair : {&hostile, &profile}) {
        const auto answer = answer_diff(*pair, pair == &hostile ? profile : hostile, options);
        ASSERT_TRUE(answer);
        const DiffNames names{.before = "\x1b[31m" + std::string(200, 'x'), .after = "b\n"};
        const std::string text = render_diff(*answer, names, options, {.width = 80});
        EXPECT_THAT(text, Not(HasSubstr("\x1b")));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
          EXPECT_LE(display_width(line), 80U) << line;
        }
        EXPECT_EQ(json::parse(render_diff_json(*answer, options))["format"], "lancehead-diff");
      }
    }
  }
}

TEST_F(ShowDiff, GivesThePageBothRecordingsAndTheirComparison) {
  const auto model =
      page_model({.profile = before_, .name = "a"}, {.profile = after_, .name = "b"});
  ASSERT_TRUE(model);
  const json page = json::parse(*model);
  ASSERT_EQ(page["recordings"].size(), 2U);
  const json& first = page["recordings"][0];
  const json& second = page["recordings"][1];
  const json& comparison = page["comparison"];
  EXPECT_EQ(comparison["verdict"], "slower");
  ASSERT_EQ(comparison["functions"].size(), second["functions"]["name"].size());
  for (std::size_t row = 0; row < comparison["functions"].size(); ++row) {
    const auto other = comparison["functions"][row].get<std::size_t>();
    EXPECT_EQ(first["functions"]["name"][other], second["functions"]["name"][row]);
  }
  const json runs = {{3, 1, 10}, {14, 12, 7}};
  EXPECT_EQ(comparison["lines"][0]["runs"], runs);
  bool has_slower_expression = false;
  for (const json& change : comparison["changes"]) {
    const bool is_function = change["kind"] == "function";
    const auto sizes = [is_function](const json& recording) {
      return static_cast<int>(
          (is_function ? recording["functions"]["name"] : recording["places"]["line"]).size());
    };
    EXPECT_LT(change["a"].get<int>(), sizes(first));
    EXPECT_LT(change["b"].get<int>(), sizes(second));
    EXPECT_TRUE(change["a"] != -1 || change["b"] != -1);
    has_slower_expression =
        has_slower_expression || (change["kind"] == "expression" && change["verdict"] == "slower");
  }
  EXPECT_TRUE(has_slower_expression);
}

TEST_F(ShowDiff, GivesThePageOfOneRecordingNoComparison) {
  const auto model = page_model({.profile = before_, .name = "a"});
  ASSERT_TRUE(model);
  const json page = json::parse(*model);
  EXPECT_EQ(page["recordings"].size(), 1U);
  EXPECT_FALSE(page.contains("comparison"));
}

}  // namespace
}  // namespace lancehead::show
