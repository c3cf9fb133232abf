// Time by instruction, and the forms that instructions ran in, of profiles written as text.
#include "analyze/instructions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analyze/unspecialised.h"
#include "support/text_profile.h"

namespace lancehead::analyze {
namespace {

using code::Form;
using profile::Profile;
using test::profile_from_text;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr double kMillisecond = 1e6;

std::vector<CodeListing> listings_of(const Profile& profile) {
  return code_listings(profile, select(profile, {}));
}

const InstructionRow& row_at(const CodeListing& listing, std::uint32_t offset) {
  const auto found = std::ranges::find(listing.rows, offset, &InstructionRow::offset);
  EXPECT_NE(found, listing.rows.end()) << offset;
  return *found;
}

constexpr const char* kAdd = R"(
  python 3.13.0
  names f a.py abs
  variables f a.py x y
  constants f a.py None 2
  bytecode f a.py RESUME 0 / LOAD_GLOBAL 1 / LOAD_FAST_LOAD_FAST 1 / BINARY_OP 0 / RETURN_VALUE
)";

TEST(Instructions, HaveTheSamplesOfTheirOffsetsAndCaches) {
  const Profile profile = profile_from_text(std::string(kAdd) + R"(
    sample MainThread holds_gil x6 : f a.py:1 @14
    sample MainThread holds_gil x2 : f a.py:1 @16
    sample MainThread holds_gil x1 : f a.py:1 @18
    sample MainThread holds_gil x1 : f a.py:1 @4000
  )");
  const auto listings = listings_of(profile);
  ASSERT_THAT(listings, SizeIs(1));
  const CodeListing& listing = listings.front();
  EXPECT_DOUBLE_EQ(listing.self.time, 10 * kMillisecond);
  ASSERT_THAT(listing.rows, SizeIs(5));
  EXPECT_DOUBLE_EQ(row_at(listing, 14).self.time, 8 * kMillisecond);
  EXPECT_DOUBLE_EQ(row_at(listing, 18).self.share, 0.1);
  EXPECT_EQ(row_at(listing, 2).argument_text, "abs + NULL");
  EXPECT_EQ(row_at(listing, 12).argument_text, "x, y");
  EXPECT_FALSE(row_at(listing, 18).has_argument);
}

TEST(Instructions, HaveNoFormWhereNoStateWasTaken) {
  const auto profile =
      profile_from_text(std::string(kAdd) + "sample MainThread holds_gil : f a.py:1 @14");
  const auto listings = listings_of(profile);
  EXPECT_TRUE(row_at(listings.at(0), 14).can_specialise);
  EXPECT_THAT(row_at(listings.at(0), 14).forms, IsEmpty());
  EXPECT_THAT(hot_and_unspecialised(listings), IsEmpty());
}

TEST(Instructions, HaveEachFormWithItsTime) {
  const Profile profile = profile_from_text(std::string(kAdd) + R"(
    state f a.py t=5ms RESUME_CHECK 0 / LOAD_GLOBAL_BUILTIN 1 / LOAD_FAST_LOAD_FAST 1 / BINARY_OP_ADD_INT 0 / RETURN_VALUE
    state f a.py t=20ms RESUME_CHECK 0 / LOAD_GLOBAL_BUILTIN 1 / LOAD_FAST_LOAD_FAST 1 / BINARY_OP 0 ~12 / RETURN_VALUE
    sample MainThread holds_gil x30 : f a.py:1 @14
  )");
  const auto listings = listings_of(profile);
  const auto& forms = row_at(listings.at(0), 14).forms;
  ASSERT_THAT(forms, SizeIs(2));
  EXPECT_EQ(forms[0].form, Form::specialised);
  EXPECT_EQ(forms[0].opcode, "BINARY_OP_ADD_INT");
  EXPECT_DOUBLE_EQ(forms[0].time, 20 * kMillisecond);
  EXPECT_EQ(forms[1].form, Form::gave_up);
  EXPECT_EQ(forms[1].failures, 11U);
  EXPECT_DOUBLE_EQ(forms[1].time, 10 * kMillisecond);
  EXPECT_EQ(row_at(listings.at(0), 0).forms.at(0).form, Form::generic);
  const auto rows = hot_and_unspecialised(listings);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].reason, UnspecialisedReason::operands);
  EXPECT_DOUBLE_EQ(rows[0].instruction->unspecialised.time, 10 * kMillisecond);
}

TEST(Instructions, ThatWereNotTriedHaveNoKnownReason) {
  const Profile profile = profile_from_text(std::string(kAdd) + R"(
    state f a.py t=0ms RESUME 0 / LOAD_GLOBAL 1 / LOAD_FAST_LOAD_FAST 1 / BINARY_OP 0 ~1 / RETURN_VALUE
    sample MainThread holds_gil x30 : f a.py:1 @14
  )");
  const auto listings = listings_of(profile);
  const auto rows = hot_and_unspecialised(listings);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].reason, UnspecialisedReason::not_known);
  EXPECT_EQ(rows[0].failures, 0U);
}

TEST(Instructions, OfOperatorsWithoutFormsSaySo) {
  const Profile profile = profile_from_text(R"(
    python 3.13.0
    variables f a.py x y
    constants f a.py 7
    bytecode f a.py LOAD_FAST 0 / LOAD_CONST 0 / BINARY_OP 2 / RETURN_VALUE
    state f a.py t=0ms LOAD_FAST 0 / LOAD_CONST 0 / BINARY_OP 2 ~12 / RETURN_VALUE
    sample MainThread holds_gil x30 : f a.py:1 @4
  )");
  const auto listings = listings_of(profile);
  const auto rows = hot_and_unspecialised(listings);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].reason, UnspecialisedReason::no_form);
  EXPECT_EQ(rows[0].instruction->argument_text, "//");
  EXPECT_EQ(rows[0].instruction->literal, "7");
}

TEST(Instructions, RunTogetherAreTold) {
  const Profile profile = profile_from_text(R"(
    python 3.12.1
    variables f a.py x y
    bytecode f a.py LOAD_FAST 0 / LOAD_FAST 1 / LOAD_FAST 0 / RETURN_VALUE
    state f a.py t=0ms LOAD_FAST__LOAD_FAST 0 / LOAD_FAST__LOAD_FAST 1 / LOAD_FAST 0 / RETURN_VALUE
    sample MainThread holds_gil x30 : f a.py:1 @0
  )");
  const auto listings = listings_of(profile);
  EXPECT_EQ(row_at(listings.at(0), 0).forms.at(0).form, Form::paired);
  EXPECT_EQ(row_at(listings.at(0), 2).forms.at(0).form, Form::covered);
  EXPECT_EQ(row_at(listings.at(0), 4).forms.at(0).form, Form::generic);  // by itself
}

TEST(Instructions, HiddenByAToolAreFoundInAnotherState) {
  const Profile profile = profile_from_text(R"(
    python 3.13.0
    variables f a.py x
    bytecode f a.py RESUME 0 / ENTER_EXECUTOR 0 / RETURN_VALUE
    state f a.py t=0ms RESUME_CHECK 0 / LOAD_FAST 0 / RETURN_VALUE
    sample MainThread holds_gil x30 : f a.py:1 @2
    bytecode g a.py RESUME 0 / ENTER_EXECUTOR 0 / RETURN_VALUE
    sample MainThread holds_gil x20 : g a.py:1 @2
  )");
  const auto listings = listings_of(profile);
  EXPECT_TRUE(listings.at(0).is_complete);
  EXPECT_EQ(row_at(listings[0], 2).opcode, "LOAD_FAST");
  EXPECT_FALSE(listings.at(1).is_complete);
}

TEST(Instructions, BehindAHiddenOneBeginWhereThePlaceChanges) {
  const Profile profile = profile_from_text(R"(
    python 3.13.0
    bytecode f a.py RESUME 0 / ENTER_EXECUTOR 0 / CACHE 9 / RETURN_VALUE
    lines f a.py 0:1 2:2 6:3
    sample MainThread holds_gil x30 : f a.py:1 @4
  )");
  const auto listings = listings_of(profile);
  ASSERT_THAT(listings.at(0).rows, SizeIs(3));
  EXPECT_EQ(row_at(listings[0], 6).opcode, "RETURN_VALUE");
  EXPECT_DOUBLE_EQ(row_at(listings[0], 2).self.time, 30 * kMillisecond);
}

TEST(Instructions, WithLongArgumentsKeepTheirExtensions) {
  const Profile profile = profile_from_text(R"(
    python 3.13.0
    bytecode f a.py EXTENDED_ARG 1 / LOAD_CONST 2 / RETURN_VALUE
    sample MainThread holds_gil x3 : f a.py:1 @0
    sample MainThread holds_gil x5 : f a.py:1 @2
  )");
  const auto listings = listings_of(profile);
  EXPECT_EQ(row_at(listings.at(0), 0).opcode, "EXTENDED_ARG");
  EXPECT_EQ(row_at(listings.at(0), 0).argument, 1U);
  EXPECT_EQ(row_at(listings.at(0), 2).argument, 258U);
  EXPECT_DOUBLE_EQ(row_at(listings.at(0), 2).self.time, 5 * kMillisecond);
}

TEST(Instructions, OfCompiledCodeAreMarked) {
  const Profile profile =
      profile_from_text(std::string(kAdd) + "sample MainThread holds_gil jit : f a.py:1 @14");
  EXPECT_TRUE(listings_of(profile).at(0).is_compiled);
}

TEST(Instructions, OfUnknownVersionsAreNotListed) {
  const Profile profile = profile_from_text(R"(
    python 3.42.0
    sample MainThread holds_gil x3 : f a.py:1 @0
  )");
  EXPECT_THAT(listings_of(profile).at(0).rows, IsEmpty());
}

}  // namespace
}  // namespace lancehead::analyze
