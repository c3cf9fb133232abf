// What the interactive page is given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "show/html/html_page.h"
#include "show/html/modules.h"
#include "show/html/page_model.h"
#include "show/html/page_samples.h"
#include "show/json.h"
#include "support/text_profile.h"
#include "unit/show/golden.h"

namespace lancehead::show {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

profile::Profile golden(const std::string& name) {
  return test::profile_from_text(test::read_data("golden/" + name + ".profile"));
}

Json model_of(const profile::Profile& profile, std::size_t most = kMostPageSamples) {
  return Json::parse(
      page_model({.profile = profile, .name = "a.lancehead", .most_samples = most}).value());
}

std::vector<std::int64_t> sums(const Json& deltas) {
  std::vector<std::int64_t> values;
  std::int64_t value = 0;
  for (const Json& delta : deltas) {
    values.push_back(value += delta.get<std::int64_t>());
  }
  return values;
}

// Own time by function, as a reader of the page works it out.
std::map<std::string, std::int64_t> self_times(const Json& recording) {
  std::map<std::string, std::int64_t> times;
  const Json& samples = recording["samples"];
  const std::vector<std::int64_t> stacks = sums(samples["stack"]);
  for (std::size_t row = 0; row < stacks.size(); ++row) {
    if (stacks[row] < 0) {
      continue;
    }
    const auto place = recording["stacks"]["place"][static_cast<std::size_t>(stacks[row])];
    const std::int64_t function = recording["places"]["function"][place.get<std::size_t>()];
    const bool is_blocked = samples["state"][row] == 2 || samples["state"][row] == 3;
    if (function >= 0 && !(recording["clock"] == "busy" && is_blocked)) {
      times[recording["functions"]["name"][static_cast<std::size_t>(function)]] +=
          samples["wall"][row].get<std::int64_t>();
    }
  }
  return times;
}

class Page_ : public testing::TestWithParam<const char*> {};

TEST_P(Page_, HasTheTimesOfTheReport) {
  const profile::Profile profile = golden(GetParam());
  const Json page = model_of(profile);
  EXPECT_EQ(page["format"], "lancehead-page");
  EXPECT_EQ(page["version"], kPageVersion);
  const Json& recording = page["recordings"][0];
  const Json report = Json::parse(render_json(profile, {}).value());
  EXPECT_EQ(recording["summary"], report["summary"]);
  EXPECT_EQ(recording["clock"], report["clock"]);
  std::map<std::string, std::int64_t> expected;
  for (const Json& row : report["functions"]) {
    if (const std::int64_t time = row["self"]["ns"]; time != 0) {
      expected[row["function"]["name"]] += time;
    }
  }
  EXPECT_EQ(self_times(recording), expected);
}

TEST_P(Page_, MergedSamplesLoseNoTime) {
  const profile::Profile profile = golden(GetParam());
  const Json whole = model_of(profile)["recordings"][0];
  const Json merged = model_of(profile, 3)["recordings"][0];
  EXPECT_EQ(self_times(merged), self_times(whole));
  EXPECT_GT(merged["resolution_ns"], 0);
  std::uint64_t count = 0;
  for (const Json& number : merged["samples"]["count"]) {
    count += number.get<std::uint64_t>();
  }
  EXPECT_EQ(count, whole["samples"]["count"].size());
  EXPECT_LT(merged["samples"]["count"].size(), whole["samples"]["count"].size());
}

TEST_P(Page_, EveryIdIsThatOfARow) {
  const Json recording = model_of(golden(GetParam()))["recordings"][0];
  const auto check = [](const Json& column, std::size_t rows, std::int64_t least) {
    for (const Json& id : column) {
      EXPECT_GE(id.get<std::int64_t>(), least);
      EXPECT_LT(id.get<std::int64_t>(), static_cast<std::int64_t>(rows));
    }
  };
  const std::size_t stacks = recording["stacks"]["parent"].size();
  check(recording["functions"]["file"], recording["files"].size(), -1);
  check(recording["places"]["function"], recording["functions"]["name"].size(), -1);
  check(recording["stacks"]["place"], recording["places"]["line"].size(), 0);
  for (std::size_t row = 0; row < stacks; ++row) {
    EXPECT_LT(recording["stacks"]["parent"][row].get<std::int64_t>(),
              static_cast<std::int64_t>(row));
  }
  check(Json(sums(recording["samples"]["stack"])), stacks, -1);
  check(Json(sums(recording["samples"]["thread"])), recording["contexts"].size(), 0);
  check(recording["waits"]["holder"], recording["contexts"].size(), 0);
  check(recording["waits"]["sample"], recording["samples"]["wall"].size(), 0);
  for (const char* column : {"wall", "cpu", "state", "flags", "count", "held", "time"}) {
    EXPECT_EQ(recording["samples"][column].size(), recording["samples"]["stack"].size()) << column;
  }
}

TEST_P(Page_, IsDocumentedMemberByMember) {
  const std::string manual = test::read_data("../../viewer/MODEL.md");
  const Json page = model_of(golden(GetParam()));
  const Json& recording = page["recordings"][0];
  for (const Json& object :
       {page, recording, recording["files"][0], recording["functions"], recording["places"],
        recording["stacks"], recording["contexts"][0], recording["samples"], recording["waits"]}) {
    for (const auto& [key, value] : object.items()) {
      EXPECT_THAT(manual, HasSubstr("`" + key + "`"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, Page_, testing::Values("threads", "julia", "hostile", "bytecode"));

std::string decompress(const std::string& gzip, std::size_t size) {
  std::string text(size, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  std::string input = gzip;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return text;
}

TEST(HtmlPage, HoldsItsDataAsText) {
  const std::string hostile = R"({"name": "</script><script>alert(1)</script>"})";
  const auto compressed = compress_model(hostile);
  ASSERT_TRUE(compressed);
  EXPECT_EQ(decompress(*compressed, hostile.size()), hostile);
  const std::string page = page_with(*compressed);
  EXPECT_THAT(page, HasSubstr(R"(<script id="lancehead-data" type="application/octet-stream">)"));
  EXPECT_THAT(page, Not(HasSubstr("alert(1)")));
  EXPECT_THAT(page, Not(HasSubstr("<!--lancehead-data-->")));
  EXPECT_THAT(std::string(empty_page()), HasSubstr("<!--lancehead-data-->"));
}

TEST(Modules, AreNamedAsPeopleNameThem) {
  const auto name = [](const char* path) { return module_of(path).name; };
  EXPECT_EQ(name("/usr/lib/python3/dist-packages/numpy/core/x.py"), "numpy");
  EXPECT_EQ(name("/v/lib/python3.12/site-packages/six.py"), "six");
  EXPECT_EQ(name("/usr/lib/python3.12/json/decoder.py"), "json");
  EXPECT_EQ(name("/usr/lib/python3.12/re.py"), "re");
  EXPECT_EQ(name("<frozen importlib._bootstrap>"), "importlib");
  EXPECT_EQ(name("<string>"), "");
  EXPECT_EQ(name(""), "");
  EXPECT_EQ(name("/home/me/app/main.py"), "main");
  EXPECT_TRUE(module_of("/home/me/app/main.py").is_own);
  EXPECT_TRUE(module_of("main.py").is_own);
  EXPECT_FALSE(module_of("/usr/lib/python3.12/re.py").is_own);
  EXPECT_FALSE(module_of("<string>").is_own);
}

}  // namespace
}  // namespace lancehead::show
