// The same files, functions and expressions in profiles written as text.
#include "analyze/code_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analyze/expression_match.h"
#include "support/text_profile.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;
using test::profile_from_text;

FunctionId function_at(const Profile& profile, std::string_view name, std::string_view file,
                       std::uint32_t line) {
  for (std::size_t row = 0; row < profile.functions().size(); ++row) {
    const profile::Function& one = profile.functions()[row];
    if (one.name == name && one.file == file && one.first_line == line) {
      return FunctionId(row);
    }
  }
  ADD_FAILURE() << "no function " << name;
  return {};
}

TEST(CodeMatch, KnowsFilesOfTwoPatchVersionsAndTwoCheckouts) {
  const Profile before = profile_from_text(R"(
    sample MainThread holds_gil : main /home/a/one/app/run.py:9 ; loads /opt/3.13.0/lib/python3.13/json/decoder.py:5
    sample MainThread holds_gil : main /home/a/one/app/run.py:9 ; get /home/a/.venv/lib/python3.13/site-packages/web/api.py:5
  )");
  const Profile after = profile_from_text(R"(
    sample MainThread holds_gil : main /tmp/two/app/run.py:9 ; loads /usr/lib/python3.13/json/decoder.py:5
    sample MainThread holds_gil : main /tmp/two/app/run.py:9 ; get /venv/lib/python3.13/site-packages/web/api.py:5
  )");
  const CodeMatch match(before, after);
  EXPECT_EQ(match.file_before("/tmp/two/app/run.py"), "/home/a/one/app/run.py");
  EXPECT_EQ(match.file_before("/usr/lib/python3.13/json/decoder.py"),
            "/opt/3.13.0/lib/python3.13/json/decoder.py");
  EXPECT_EQ(match.file_before("/venv/lib/python3.13/site-packages/web/api.py"),
            "/home/a/.venv/lib/python3.13/site-packages/web/api.py");
}

TEST(CodeMatch, DoesNotGuessWhereTwoFilesMayBeMeant) {
  const Profile before = profile_from_text(R"(
    sample MainThread holds_gil : f old/a/util.py:1
    sample MainThread holds_gil : f old/b/util.py:1
  )");
  const Profile after = profile_from_text(R"(
    sample MainThread holds_gil : f new/a/util.py:1
    sample MainThread holds_gil : f new/c/util.py:1
    sample MainThread holds_gil : f new/d/util.py:1
  )");
  const CodeMatch match(before, after);
  EXPECT_EQ(match.file_before("new/a/util.py"), "old/a/util.py");
  EXPECT_EQ(match.file_before("new/c/util.py"), "");
  EXPECT_EQ(match.file_before("new/d/util.py"), "");
}

TEST(CodeMatch, TakesASingleOtherScriptForTheNewVersion) {
  const Profile before = profile_from_text("sample MainThread holds_gil : f /x/old.py:1");
  const Profile after = profile_from_text("sample MainThread holds_gil : f /x/new.py:1");
  EXPECT_EQ(CodeMatch(before, after).file_before("/x/new.py"), "/x/old.py");
}

constexpr std::string_view kTwoLambdas = R"(
    source app.py
    | first = lambda x: x + 1
    | second = lambda x: x - 1
    | def f(x):
    |     return first(x)
    def f app.py 3
    sample MainThread holds_gil : f app.py:4 {first(x)}
)";

TEST(CodeMatch, FindsAFunctionThatWasRenamedInPlace) {
  const Profile before = profile_from_text(kTwoLambdas);
  const Profile after = profile_from_text(R"(
    source app.py
    | import this
    | first = lambda x: x + 1
    | second = lambda x: x - 1
    | def better(x):
    |     return first(x)
    def better app.py 4
    sample MainThread holds_gil : better app.py:5 {first(x)}
  )");
  const CodeMatch match(before, after);
  const FunctionId better = function_at(after, "better", "app.py", 4);
  EXPECT_EQ(match.before_of(better), function_at(before, "f", "app.py", 3));
  EXPECT_EQ(match.line_before(better, 5), 4U);
  EXPECT_EQ(match.line_before(better, 1), std::nullopt);
}

TEST(CodeMatch, TellsFunctionsOfOneNameApart) {
  // Two classes have a method `run`; on versions without qualified names that is all there is.
  auto tables = test::tables_from_text(R"(
    source app.py
    | class A:
    |     def run(self): return 1
    | class B:
    |     def run(self): return 2
    def run app.py 2
    def stay app.py 4
    sample MainThread holds_gil : run app.py:2
    sample MainThread holds_gil : stay app.py:4
  )");
  tables.codes.qualified_name[1] = tables.codes.qualified_name[0];
  const Profile before(tables);
  auto moved = test::tables_from_text(R"(
    source app.py
    | class B:
    |     def run(self): return 2
    | class A:
    |     def run(self): return 1
    def run app.py 2
    def stay app.py 4
    sample MainThread holds_gil : run app.py:2
    sample MainThread holds_gil : stay app.py:4
  )");
  moved.codes.qualified_name[1] = moved.codes.qualified_name[0];
  const Profile after(moved);
  const CodeMatch match(before, after);
  EXPECT_EQ(match.before_of(function_at(after, "run", "app.py", 2)),
            function_at(before, "run", "app.py", 4));
  EXPECT_EQ(match.before_of(function_at(after, "run", "app.py", 4)),
            function_at(before, "run", "app.py", 2));
}

TEST(CodeMatch, CountsLinesFromTheFunctionWhereThereIsNoText) {
  const Profile before = profile_from_text(R"(
    def f app.py 10
    sample MainThread holds_gil : f app.py:12
  )");
  const Profile after = profile_from_text(R"(
    def f app.py 30
    sample MainThread holds_gil : f app.py:32
  )");
  const CodeMatch match(before, after);
  EXPECT_EQ(match.line_before(function_at(after, "f", "app.py", 30), 32), 12U);
}

// The text of the expression of `before` that each of `after` is matched with.
std::vector<IndexPair> pairs_of(const Profile& before, const Profile& after) {
  const Lines old_lines = lines(before, select(before, {}));
  const Lines new_lines = lines(after, select(after, {}));
  return match_expressions(before, old_lines.rows.at(0), after, new_lines.rows.at(0));
}

TEST(MatchExpressions, FindsThemInOtherColumns) {
  const Profile before = profile_from_text(R"(
    source app.py
    | y = f(a) + g(b)
    sample MainThread holds_gil : main app.py:1 {f(a)}
    sample MainThread holds_gil : main app.py:1 {g(b)}
  )");
  const Profile after = profile_from_text(R"(
    source app.py
    |     y = g(b) + f(a)
    sample MainThread holds_gil : main app.py:1 {g(b)}
    sample MainThread holds_gil : main app.py:1 {f(a)}
  )");
  for (const auto& [i, j] : pairs_of(before, after)) {
    EXPECT_EQ(*i, 1 - *j);
  }
}

TEST(MatchExpressions, TellsEqualOnesApartByOrderAndTakesTheLastForEdited) {
  const Profile before = profile_from_text(R"(
    source app.py
    | y = f(a) + f(a) + g(1)
    sample MainThread holds_gil : main app.py:1 {f(a)}
    sample MainThread holds_gil : main app.py:1 {#2 f(a)}
    sample MainThread holds_gil : main app.py:1 {g(1)}
  )");
  const Profile after = profile_from_text(R"(
    source app.py
    | y = f(a) + f(a) + g(100)
    sample MainThread holds_gil : main app.py:1 {f(a)}
    sample MainThread holds_gil : main app.py:1 {#2 f(a)}
    sample MainThread holds_gil : main app.py:1 {g(100)}
  )");
  const auto pairs = pairs_of(before, after);
  ASSERT_EQ(pairs.size(), 3U);
  for (const auto& [i, j] : pairs) {
    EXPECT_EQ(i, j);
  }
}

}  // namespace
}  // namespace lancehead::analyze
