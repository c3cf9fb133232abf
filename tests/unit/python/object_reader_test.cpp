// Objects laid out by hand, and some that no interpreter makes.
#include "python/object_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "target/recorded_memory.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr Address kObject{0x10000};
constexpr Address kType{0x20000};
constexpr Address kTypeName{0x30000};

// Writes objects as the interpreter of one minor version has them.
class Objects : public ::testing::TestWithParam<int> {
 protected:
  Objects()
      : layout_(*find_known_layout({.major = 3, .minor = static_cast<std::uint8_t>(GetParam())},
                                   false)),
        memory_(target::MemoryImage()),
        reader_(memory_, layout_) {
    memory_.image.store(kObject, std::vector<std::byte>(40));
  }

  void put_type(const std::string& name) {
    std::vector<std::byte> bytes(64);
    std::memcpy(bytes.data(), name.data(), name.size());
    memory_.image.store(kTypeName, bytes);
    memory_.image.store_value(kType + layout_.type.name.bytes, kTypeName);
    memory_.image.store_value(kObject + layout_.object.type.bytes, kType);
  }

  template <typename Character>
  void put_text(const std::basic_string<Character>& text, bool ascii, std::uint64_t length) {
    constexpr std::uint32_t kCompact = 1U << 5U;
    constexpr std::uint32_t kAscii = 1U << 6U;
    const auto width = static_cast<std::uint32_t>(sizeof(Character));
    put_type("str");
    memory_.image.store_value(kObject + layout_.unicode.length.bytes, length);
    memory_.image.store_value(kObject + layout_.unicode.state.bytes,
                              (width << 2U) | kCompact | (ascii ? kAscii : 0));
    const std::uint32_t at = ascii ? layout_.unicode.ascii_data : layout_.unicode.compact_data;
    memory_.image.store(kObject + at, std::as_bytes(std::span(text)));
  }

  template <typename Character>
  void put_text(const std::basic_string<Character>& text, bool ascii = false) {
    put_text(text, ascii, text.size());
  }

  // `tag` is ob_size before 3.12 and lv_tag from then on.
  void put_integer(std::int64_t tag, std::array<std::uint32_t, 2> digits) {
    put_type("int");
    memory_.image.store_value(kObject + (layout_.integer.digits.bytes - 8), tag);
    memory_.image.store_value(kObject + layout_.integer.digits.bytes, digits);
  }

  void put_real(double value) {
    put_type("float");
    memory_.image.store_value(kObject + layout_.real.value.bytes, value);
  }

  Layout layout_;
  target::RecordedMemory memory_;
  ObjectReader reader_;
};

INSTANTIATE_TEST_SUITE_P(Minors, Objects, ::testing::Values(8, 11, 12, 13, 15));

TEST_P(Objects, TextOfEveryWidth) {
  put_text(std::string("plain"), true);
  EXPECT_EQ(reader_.read_text(kObject), "plain");
  put_text(std::string("caf\xE9"));
  EXPECT_EQ(reader_.read_text(kObject), "café");
  put_text(std::u16string(u"測試"));
  EXPECT_EQ(reader_.read_text(kObject), "測試");
  put_text(std::u32string(U"🐍x"));
  EXPECT_EQ(reader_.read_text(kObject), "🐍x");
  put_text(std::string(), true);
  EXPECT_EQ(reader_.read_text(kObject), "");
}

TEST_P(Objects, LongTextIsCut) {
  put_text(std::u16string(u"測試測試測"));
  EXPECT_EQ(reader_.read_text(kObject, 3), "測試測…");
  EXPECT_EQ(reader_.read_text(kObject, 5), "測試測試測");
}

TEST_P(Objects, TextThatCannotBeIsRefused) {
  put_text(std::string("plain"), true, std::uint64_t{1} << 40U);
  EXPECT_EQ(reader_.read_text(kObject), std::unexpected(Fault::implausible));
  put_text(std::string("plain"), true, 1000);
  EXPECT_EQ(reader_.read_text(kObject), std::unexpected(Fault::unmapped));
  put_text(std::string("plain"), true);
  memory_.image.store_value(kObject + layout_.unicode.state.bytes, std::uint32_t{0xFFFFFFFF});
  EXPECT_EQ(reader_.read_text(kObject), std::unexpected(Fault::implausible));
  EXPECT_EQ(reader_.read_text({}), std::unexpected(Fault::implausible));
  EXPECT_EQ(reader_.read_text({0xDEAD0000}), std::unexpected(Fault::unmapped));
}

TEST_P(Objects, IntegersOfAtMostTwoDigits) {
  constexpr std::uint32_t kFull = (1U << 30U) - 1;
  const auto tag = [&](std::int64_t count) {
    if (!layout_.version.at_least(12)) {
      return count;
    }
    const std::int64_t sign = count == 0 ? 1 : (count < 0 ? 2 : 0);
    return (count < 0 ? -count : count) << 3 | sign;
  };
  put_integer(tag(0), {0, 0});
  EXPECT_EQ(reader_.read_constant(kObject), "0");
  put_integer(tag(1), {7, 0xFFFFFFFF});
  EXPECT_EQ(reader_.read_constant(kObject), "7");
  put_integer(tag(-1), {300, 0});
  EXPECT_EQ(reader_.read_constant(kObject), "-300");
  put_integer(tag(2), {kFull, kFull});
  EXPECT_EQ(reader_.read_constant(kObject), "1152921504606846975");
  put_integer(tag(-2), {kFull, kFull});
  EXPECT_EQ(reader_.read_constant(kObject), "-1152921504606846975");
  put_integer(tag(3), {1, 1});
  EXPECT_EQ(reader_.read_constant(kObject), "...");
  put_integer(tag(-3), {1, 1});
  EXPECT_EQ(reader_.read_constant(kObject), "...");
}

TEST_P(Objects, AnIntegerOfTheMostNegativeSizeIsNotShown) {
  put_integer(std::numeric_limits<std::int64_t>::min(), {1, 1});
  EXPECT_EQ(reader_.read_constant(kObject), "...");
}

TEST_P(Objects, AFloatNeverLooksLikeAnInt) {
  put_real(2.0);
  EXPECT_EQ(reader_.read_constant(kObject), "2.0");
  put_real(-0.0);
  EXPECT_EQ(reader_.read_constant(kObject), "-0.0");
  put_real(0.1);
  EXPECT_EQ(reader_.read_constant(kObject), "0.1");
  put_real(1e300);
  EXPECT_EQ(reader_.read_constant(kObject), "1e+300");
  put_real(std::numeric_limits<double>::infinity());
  EXPECT_EQ(reader_.read_constant(kObject), "inf");
}

TEST_P(Objects, ConstantsOfOtherTypesAreNotShown) {
  put_type("NoneType");
  EXPECT_EQ(reader_.read_constant(kObject), "None");
  put_type("frozenset");
  EXPECT_EQ(reader_.read_constant(kObject), "...");
  EXPECT_EQ(reader_.read_constant({}), "...");
}

TEST_P(Objects, ATypeNameWithoutAnEndIsRefused) {
  put_type("int");
  memory_.image.store(kTypeName, as_byte_span(std::string(4096, 'x')));
  EXPECT_EQ(reader_.read_type_name(kObject), std::unexpected(Fault::implausible));
}

TEST_P(Objects, BytesAndTuplesOfAbsurdSizesAreNotRead) {
  memory_.image.store_value(kObject + layout_.object.size.bytes, std::uint64_t{1} << 62U);
  EXPECT_EQ(reader_.read_bytes(kObject, 1000), std::unexpected(Fault::too_large));
  EXPECT_EQ(reader_.read_tuple(kObject, 1000), std::unexpected(Fault::unmapped));
  memory_.image.store_value(kObject + layout_.object.size.bytes, std::uint64_t{3});
  memory_.image.store(kObject + layout_.bytes.data.bytes, as_byte_span("abc"));
  EXPECT_EQ(reader_.read_bytes(kObject, 1000), "abc");
}

// Notes the largest request, which is what the reader set memory aside for.
class Asked final : public target::Memory {
 public:
  explicit Asked(target::Memory& source) : source_(source) {}

  Faulty<std::size_t> read_many(std::span<const target::ReadRequest> requests) override {
    for (const target::ReadRequest& request : requests) {
      largest = std::max(largest, request.into.size());
    }
    return source_.read_many(requests);
  }

  std::size_t largest = 0;

 private:
  target::Memory& source_;
};

TEST_P(Objects, BytesThatClaimToBeLargeAreBelievedOnlyWhereTheyEnd) {
  constexpr std::uint64_t kSize = 8U << 20U;
  Asked asked(memory_);
  ObjectReader reader(asked, layout_);
  memory_.image.store_value(kObject + layout_.object.size.bytes, kSize);
  EXPECT_EQ(reader.read_bytes(kObject, kSize), std::unexpected(Fault::unmapped));
  EXPECT_LE(asked.largest, 8);
  memory_.image.store(kObject + layout_.bytes.data.bytes, std::vector<std::byte>(kSize));
  EXPECT_EQ(reader.read_bytes(kObject, kSize)->size(), kSize);
}

TEST_P(Objects, TextsThatCannotBeReadAreQuestionMarksInATuple) {
  constexpr Address kTuple{0x40000};
  put_text(std::string("plain"), true);
  memory_.image.store_value(kTuple + layout_.object.size.bytes, std::uint64_t{3});
  memory_.image.store_value(kTuple + layout_.tuple.items.bytes,
                            std::array<Address, 3>{kObject, Address{}, Address{0xDEAD0000}});
  EXPECT_THAT(reader_.read_text_tuple(kTuple, 10), ::testing::ElementsAre("plain", "?", "?"));
  EXPECT_THAT(reader_.read_text_tuple(kTuple, 1), ::testing::ElementsAre("plain"));
}

}  // namespace
}  // namespace lancehead::python
