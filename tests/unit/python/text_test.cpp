// Text out of memory and out of binaries.
#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "python/unicode.h"
#include "python/version_text.h"

namespace lancehead::python {
namespace {

template <typename Character>
std::string from(const std::basic_string<Character>& text) {
  return to_utf8(std::as_bytes(std::span(text)), sizeof(Character));
}

TEST(Unicode, EveryWidthAtItsEdges) {
  EXPECT_EQ(from(std::string("a\x7F\x80\xFF")), "a\x7F\u0080\u00FF");
  EXPECT_EQ(from(std::u16string(u"a\u00FF\u07FF\u0800\uFFFF")), "a\u00FF\u07FF\u0800\uFFFF");
  EXPECT_EQ(from(std::u32string(U"a\u07FF\uFFFF\U00010000\U0010FFFF")),
            "a\u07FF\uFFFF\U00010000\U0010FFFF");
  EXPECT_EQ(from(std::string()), "");
}

TEST(Unicode, LoneSurrogatesAreKept) {
  EXPECT_EQ(from(std::u16string{0xD83D}), "\xED\xA0\xBD");
  EXPECT_EQ(from(std::u32string{0xDC80}), "\xED\xB2\x80");
  // CPython never joins two halves either.
  EXPECT_EQ(from(std::u16string{0xD83D, 0xDC0D}), "\xED\xA0\xBD\xED\xB0\x8D");
}

TEST(Unicode, WhatIsBeyondUnicodeIsReplaced) {
  EXPECT_EQ(from(std::u32string{0x110000, 0xFFFFFFFF}), "\uFFFD\uFFFD");
}

TEST(Unicode, HalfACharacterAtTheEndIsLeftOut) {
  const std::string bytes("a\0b", 3);
  EXPECT_EQ(to_utf8(as_byte_span(bytes), 2), "a");
}

std::string found(std::string_view data, std::string_view path) {
  const auto version = find_version_text(data, path);
  return version ? to_string(*version) : "none";
}

TEST(VersionText, EndsAtAZeroByte) {
  using namespace std::string_view_literals;
  EXPECT_EQ(found("x\0003.9.18\0y"sv, "/usr/bin/python"), "3.9.18");
  EXPECT_EQ(found("x\0003.12.1+\0y"sv, "/usr/bin/python"), "3.12.1");
  EXPECT_EQ(found("3.9.18\0"sv, "/usr/bin/python"), "3.9.18");
  EXPECT_EQ(found("v3.9.18\0"sv, "/usr/bin/python"), "3.9.18") << "the end of a longer text";
  EXPECT_EQ(found("13.9.18\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.9.18 (main)\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.9.18"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0002.7.18\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.9.\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.-9.1\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.9.-1\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.123.1\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found("\0003.99.1\0"sv, "/usr/bin/python"), "none");
  EXPECT_EQ(found(""sv, ""), "none");
}

TEST(VersionText, ThePathSaysWhichOneOfSeveral) {
  using namespace std::string_view_literals;
  constexpr auto kData = "\0003.4.0\0003.7.2\0003.11.7\0"sv;
  EXPECT_EQ(found(kData, "/usr/lib/libpython3.11.so.1.0"), "3.11.7");
  EXPECT_EQ(found(kData, "/usr/bin/python3.7"), "3.7.2");
  EXPECT_EQ(found(kData, "/usr/bin/python3"), "3.4.0");
}

TEST(VersionText, WithoutATextThePathAloneDecides) {
  EXPECT_EQ(found("", "/usr/bin/python3.10"), "3.10.0");
  EXPECT_EQ(found("", "/opt/python3.8/bin/python3.12"), "3.12.0");
  EXPECT_EQ(found("", "/opt/python3.x/bin/python3"), "none");
}

}  // namespace
}  // namespace lancehead::python
