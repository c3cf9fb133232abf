// JSON and collapsed stacks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "show/collapsed.h"
#include "show/json.h"
#include "support/text_profile.h"
#include "unit/show/golden.h"

namespace lancehead::show {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

Json json_of(const std::string& name, const ReportOptions& options = {}) {
  const auto profile = test::profile_from_text(test::read_data("golden/" + name + ".profile"));
  return Json::parse(render_json(profile, options).value());
}

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.insert(key);
  }
  return keys;
}

TEST(Json, HasTheDocumentedMembers) {
  const Json json = json_of("threads");
  EXPECT_EQ(json["format"], "lancehead-report");
  EXPECT_EQ(json["version"], kJsonVersion);
  EXPECT_EQ(keys_of(json),
            (std::set<std::string>{"format", "version", "summary", "clock", "total_ns",
                                   "unseen_share", "split", "functions", "lines", "compiled",
                                   "threads", "cpu", "gil_waits", "blocked"}));
  const Json tree = json_of("threads", {.view = ReportView::tree});
  EXPECT_TRUE(tree.contains("tree"));
  EXPECT_FALSE(tree.contains("functions"));
}

TEST(Json, IsDocumentedMemberByMember) {
  const std::string manual = test::read_data("../../docs/json.md");
  const Json json = json_of("threads");
  for (const Json& object :
       {json, json["summary"], json["split"], json["functions"][0], json["functions"][0]["self"],
        json["functions"][0]["function"], json["lines"][0], json["lines"][0]["expressions"][0],
        json["threads"][0], json["cpu"], json["gil_waits"][0], json["blocked"][0],
        json_of("threads", {.view = ReportView::tree})["tree"][0]}) {
    for (const std::string& key : keys_of(object)) {
      EXPECT_THAT(manual, HasSubstr("`" + key + "`"));
    }
  }
}

TEST(Json, ExpressionsAndRestAddUpToTheLine) {
  const Json json = json_of("julia");
  for (const Json& line : json["lines"]) {
    std::int64_t sum = line["rest"]["ns"];
    for (const Json& expression : line["expressions"]) {
      sum += expression["depth"] == 0 ? expression["self"]["ns"].get<std::int64_t>() : 0;
    }
    EXPECT_EQ(sum, line["self"]["ns"]);
  }
}

TEST(Json, GivesAllRowsUnlessALimitIsAskedFor) {
  EXPECT_EQ(json_of("hostile")["functions"].size(), 8U);
  EXPECT_EQ(json_of("hostile", {.limit = 2})["functions"].size(), 2U);
}

TEST(Json, SurvivesNamesThatAreNoText) {
  auto tables = test::tables_from_text("sample MainThread holds_gil : f a.py:1");
  tables.strings.truncate(0);
  for (int i = 0; i < 4; ++i) {
    tables.append(schema::StringRow{.text = "\xFF\xFE\xED\xA0\x80"});
  }
  const profile::Profile profile(std::move(tables));
  EXPECT_TRUE(Json::accept(render_json(profile, {}).value()));
}

std::string collapsed(const char* text, CollapsedRoots roots) {
  const auto profile = test::profile_from_text(text);
  return collapsed_stacks(profile, analyze::select(profile, {}), roots);
}

TEST(Collapsed, IsRootToLeafWithMicroseconds) {
  EXPECT_EQ(collapsed(R"(
    sample MainThread holds_gil x3 : main a.py:9 ; f a.py:2
    sample MainThread holds_gil x2 : main a.py:9 ; f b/a.py:2
    sample MainThread holds_gil x1 w=250us : main a.py:9
  )",
                      CollapsedRoots::none),
            "main (a.py:9) 250\n"
            "main (a.py:9);f (a.py:2) 3000\n"
            "main (a.py:9);f (b/a.py:2) 2000\n");
}

TEST(Collapsed, PutsThreadAndProcessAtTheRoot) {
  EXPECT_EQ(collapsed("sample MainThread holds_gil : f a.py:2", CollapsedRoots::process),
            "process 40;MainThread (40);f (a.py:2) 1000\n");
}

TEST(Collapsed, KeepsOneStackOnOneLine) {
  auto tables = test::tables_from_text("sample MainThread holds_gil : f a.py:1");
  schema::Tables hostile = std::move(tables);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < hostile.strings.size(); ++i) {
    texts.emplace_back(hostile.strings.text[i]);
  }
  hostile.strings.clear();
  for (const std::string& text : texts) {
    hostile.append(schema::StringRow{.text = text == "f" ? "a;b\nc" : std::string_view(text)});
  }
  const profile::Profile profile(std::move(hostile));
  EXPECT_EQ(collapsed_stacks(profile, analyze::select(profile, {}), CollapsedRoots::none),
            "a,b\\nc (a.py:1) 1000\n");
}

}  // namespace
}  // namespace lancehead::show
