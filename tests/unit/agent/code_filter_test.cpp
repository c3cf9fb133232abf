#include "agent/code_filter.h"

#include <gtest/gtest.h>

namespace lancehead::agent {
namespace {

CodeFilter filter_with(std::string_view configuration) {
  return {configuration, {"/usr/lib/python3.13"}};
}

TEST(CodeFilter, CountsTheProgramsOwnFiles) {
  CodeFilter filter = filter_with("");
  EXPECT_TRUE(filter.counts("/home/me/script.py"));
  EXPECT_TRUE(filter.counts("script.py"));
  EXPECT_TRUE(filter.counts("/usr/lib/python3.13x/mine.py"));
  EXPECT_FALSE(filter.counts("/usr/lib/python3.13/json/decoder.py"));
  EXPECT_FALSE(filter.counts("/home/me/venv/lib/python3.12/site-packages/numpy/__init__.py"));
  EXPECT_FALSE(filter.counts("/usr/lib/python3/dist-packages/six.py"));
  EXPECT_FALSE(filter.counts("<string>"));
  EXPECT_FALSE(filter.counts("<frozen os>"));
  EXPECT_FALSE(filter.counts(""));
}

TEST(CodeFilter, CountsWhatIsAskedFor) {
  CodeFilter filter = filter_with("include json\ninclude /opt/*/lib.py\nexclude test_*.py\n");
  EXPECT_TRUE(filter.counts("/usr/lib/python3.13/json/decoder.py"));
  EXPECT_FALSE(filter.counts("/usr/lib/python3.13/csv.py"));
  EXPECT_TRUE(filter.counts("/opt/site-packages/lib.py"));
  EXPECT_FALSE(filter.counts("/home/me/test_mine.py"));
  EXPECT_FALSE(filter.counts("/usr/lib/python3.13/json/test_json.py"));
}

}  // namespace
}  // namespace lancehead::agent
