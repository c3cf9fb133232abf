#include "code/python_version.h"

#include <gtest/gtest.h>

namespace lancehead::code {
namespace {

TEST(PythonVersion, ReadsAndWritesTheHexForm) {
  const PythonVersion version = PythonVersion::from_hex(0x030D00F0);
  EXPECT_EQ(version, (PythonVersion{3, 13, 0, 0xF, 0}));
  EXPECT_EQ(version.to_hex(), 0x030D00F0U);
  EXPECT_EQ(to_string(version), "3.13.0");
  EXPECT_EQ(minor_string(version), "3.13");
  EXPECT_FALSE(version.is_prerelease());
}

TEST(PythonVersion, NamesPrereleases) {
  EXPECT_EQ(to_string(PythonVersion::from_hex(0x030F00B4)), "3.15.0b4");
  EXPECT_EQ(to_string(PythonVersion::from_hex(0x030F00C1)), "3.15.0rc1");
  EXPECT_EQ(to_string(PythonVersion::from_hex(0x030F00A2)), "3.15.0a2");
  EXPECT_TRUE(PythonVersion::from_hex(0x030F00B4).is_prerelease());
}

TEST(PythonVersion, Orders) {
  EXPECT_LT(PythonVersion::from_hex(0x030F00B4), PythonVersion::from_hex(0x030F00F0));
  EXPECT_LT(PythonVersion::from_hex(0x030912F0), PythonVersion::from_hex(0x030A00A1));
  EXPECT_TRUE(PythonVersion::from_hex(0x030F00A1).at_least(15));
  EXPECT_FALSE(PythonVersion::from_hex(0x030D00F0).at_least(14));
  EXPECT_TRUE(PythonVersion::from_hex(0x030D00F0).is_minor(13));
}

}  // namespace
}  // namespace lancehead::code
