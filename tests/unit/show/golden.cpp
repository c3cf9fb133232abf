#include "unit/show/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace lancehead::test {

std::string read_data(const std::string& name) {
  std::ifstream file(std::string(LANCEHEAD_TEST_DATA) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << "tests/data/" << name << " is missing";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = "golden/" + name;
  if (std::getenv("LANCEHEAD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(LANCEHEAD_TEST_DATA) + "/" + path, std::ios::binary) << actual;
  }
  EXPECT_EQ(read_data(path), actual) << "differs from tests/data/" << path;
}

}  // namespace lancehead::test
