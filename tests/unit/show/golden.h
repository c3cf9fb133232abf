// Reports compared with files of tests/data/golden.
//
// To accept what is new: LANCEHEAD_UPDATE_GOLDEN=1 build/dev/bin/test_show, then look at the diff.
#pragma once

#include <string>

namespace lancehead::test {

// The text of tests/data/NAME; fails the test where it cannot be read.
[[nodiscard]] std::string read_data(const std::string& name);

void expect_golden(const std::string& name, const std::string& actual);

}  // namespace lancehead::test
