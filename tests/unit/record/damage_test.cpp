// Recordings that are cut, damaged, from elsewhere, or none at all.
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>

#include "record/format.h"
#include "unit/record/support.h"

namespace lancehead::record {
namespace {

using testing::Folder;

constexpr std::uint32_t kRows = 9;

const schema::Tables& small_tables() {
  static const schema::Tables tables = testing::random_tables(7, kRows);
  return tables;
}

// Three flushes of three rows of every table.
const Bytes& small_recording() {
  static const Bytes bytes = testing::record_tables(small_tables(), 3);
  return bytes;
}

std::vector<std::size_t> chunk_starts(const Bytes& file) {
  std::vector<std::size_t> starts;
  for (std::size_t at = kFileHeaderSize; at < file.size();) {
    starts.push_back(at);
    const auto header = peek_chunk(std::span(file).subspan(at));
    EXPECT_TRUE(header);
    at += kChunkHeaderSize + header->stored_length;
  }
  return starts;
}

std::size_t total_rows(const schema::Tables& tables) {
  std::size_t rows = 0;
  tables.for_each([&](const auto& table) { rows += table.size(); });
  return rows;
}

// A recording of one chunk that says of itself what `header` says.
Bytes forge(ChunkHeader header, std::span<const std::byte> stored) {
  ByteWriter out;
  put_file_header(out, schema::kFormatVersion);
  header.version = schema::kFormatVersion;
  header.stored_length = static_cast<std::uint32_t>(stored.size());
  put_chunk(out, header, stored);
  return out.take();
}

bool has_damage(const Recording& recording, DamageKind kind) {
  return std::ranges::any_of(recording.damage,
                             [&](const Damage& damage) { return damage.kind == kind; });
}

TEST(Cut, AtAnyByteEverythingUpToTheLastWholeChunkIsThere) {
  const Bytes& file = small_recording();
  const auto starts = chunk_starts(file);
  for (std::size_t length = 0; length < file.size(); ++length) {
    const auto recording = read_bytes(std::span(file).first(length), "x");
    ASSERT_EQ(recording.has_value(), length >= kFileHeaderSize) << length;
    if (!recording) {
      EXPECT_EQ(recording.error().kind, ErrorKind::bad_recording);
      continue;
    }
    const bool at_a_chunk =
        length == kFileHeaderSize || std::ranges::find(starts, length) != starts.end();
    EXPECT_FALSE(recording->complete) << length;
    EXPECT_EQ(has_damage(*recording, DamageKind::cut), !at_a_chunk) << length;
    // Each whole chunk but the last one (the end) holds three rows.
    const auto begun = std::ranges::upper_bound(starts, length) - starts.begin();
    const std::size_t whole = begun == 0 ? 0 : static_cast<std::size_t>(begun) - 1;
    EXPECT_EQ(total_rows(recording->tables), 3 * whole) << length;
    testing::expect_right_or_missing(recording->tables, small_tables());
  }
}

TEST(Damage, AFlippedBitCostsAtMostItsChunk) {
  Bytes file = small_recording();
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const std::byte bit : {std::byte{1}, std::byte{0x80}}) {
      file[at] ^= bit;
      const auto recording = read_bytes(file, "x");
      ASSERT_TRUE(recording) << at << ": " << recording.error().what;
      EXPECT_FALSE(recording->damage.empty()) << at;
      EXPECT_GE(total_rows(recording->tables) + 3, total_rows(small_tables())) << at;
      testing::expect_right_or_missing(recording->tables, small_tables());
      file[at] ^= bit;
    }
  }
}

TEST(Damage, SaysWhatIsLostAndKeepsLaterIds) {
  schema::Tables tables;
  for (const char* text : {"zero", "one", "two", "three"}) {
    tables.append(schema::StringRow{.text = text});
  }
  Bytes file = testing::record_tables(tables, 1);
  file[chunk_starts(file)[1] + kChunkHeaderSize] ^= std::byte{1};
  const auto recording = read_bytes(file, "x");
  ASSERT_TRUE(recording);
  ASSERT_EQ(recording->tables.strings.size(), 4U);
  EXPECT_EQ(recording->tables.strings.text[0], "zero");
  EXPECT_EQ(recording->tables.strings.text[1], "");
  EXPECT_EQ(recording->tables.strings.text[3], "three");
  EXPECT_TRUE(recording->complete);
  ASSERT_EQ(recording->damage.size(), 2U);
  EXPECT_EQ(recording->damage[0].kind, DamageKind::bytes);
  EXPECT_EQ(recording->damage[1].what, "1 row of `strings` is lost, from row 1 on.");
}

TEST(Damage, TheEndOfTheRecordingTellsOfRowsThatAreMissingBeforeIt) {
  Bytes file = testing::record_tables(small_tables(), kRows);
  const auto starts = chunk_starts(file);
  file[starts[starts.size() - 2] + 5] ^= std::byte{1};
  const auto recording = read_bytes(file, "x");
  ASSERT_TRUE(recording);
  EXPECT_TRUE(has_damage(*recording, DamageKind::rows));
}

TEST(Damage, JunkBetweenChunksIsSkipped) {
  Bytes file = small_recording();
  const auto starts = chunk_starts(file);
  const Bytes junk(5000, std::byte{0xF5});
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(starts[4]), junk.begin(), junk.end());
  const auto recording = read_bytes(file, "x");
  ASSERT_TRUE(recording);
  EXPECT_TRUE(recording->complete);
  ASSERT_EQ(recording->damage.size(), 1U);
  testing::expect_equal(recording->tables, small_tables());
}

TEST(Damage, AChunkThatComesTwiceIsTakenOnce) {
  Bytes file = small_recording();
  const Bytes chunks(file.begin() + kFileHeaderSize, file.end());
  file.insert(file.end(), chunks.begin(), chunks.end());
  const auto recording = read_bytes(file, "x");
  ASSERT_TRUE(recording);
  EXPECT_TRUE(has_damage(*recording, DamageKind::chunk));
  testing::expect_equal(recording->tables, small_tables());
}

TEST(NotARecording, EachIsToldApart) {
  const Folder folder;
  const auto missing = read(folder / "missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::io);
  EXPECT_NE(missing.error().what.find("No such file"), std::string::npos);

  const auto directory = read(folder / "");
  ASSERT_FALSE(directory);
  EXPECT_NE(directory.error().what.find("is a folder"), std::string::npos);

  testing::store(folder / "empty", {});
  const auto empty = read(folder / "empty");
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().what.find("is empty"), std::string::npos);

  for (const std::string_view text :
       {"x = 1\n", "import sys\nprint(sys.argv, 'a longer file')\n"}) {
    testing::store(folder / "text.py", as_byte_span(text));
    const auto script = read(folder / "text.py");
    ASSERT_FALSE(script);
    EXPECT_EQ(script.error().kind, ErrorKind::bad_recording);
    EXPECT_NE(script.error().what.find("is not a recording"), std::string::npos);
  }

  const auto device = read("/dev/zero");
  ASSERT_FALSE(device);
  EXPECT_NE(device.error().what.find("is a device"), std::string::npos);
}

TEST(NotARecording, ANewerVersionIsRefusedWithBothVersions) {
  ByteWriter out;
  put_file_header(out, schema::kFormatVersion + 6);
  const auto recording = read_bytes(out.data(), "future.lancehead");
  ASSERT_FALSE(recording);
  EXPECT_EQ(recording.error().kind, ErrorKind::bad_recording);
  const std::string newer = "format version " + std::to_string(schema::kFormatVersion + 6);
  EXPECT_NE(recording.error().what.find(newer), std::string::npos);
  EXPECT_NE(recording.error().remedy.find("newer lancehead"), std::string::npos);
}

TEST(Hostile, AFrameThatLiesAboutItsLengthIsRefused) {
  const Bytes raw(1000);
  Bytes stored(ZSTD_compressBound(raw.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), raw.data(), raw.size(), 3));
  const auto recording = read_bytes(forge({.table = schema::StringTable::kNumber,
                                           .compression = Compression::zstd,
                                           .rows = 1,
                                           .raw_length = 2000},
                                          stored),
                                    "x");
  ASSERT_TRUE(recording);
  EXPECT_TRUE(has_damage(*recording, DamageKind::chunk));
  EXPECT_EQ(total_rows(recording->tables), 0U);
}

// A file of 40 bytes must not make millions of rows.
TEST(Hostile, RowNumbersFarAwayAreNotFilledUp) {
  schema::StringTable one;
  one.append({.text = "far"});
  const Bytes raw = one.encode(0, 1);
  for (const std::uint32_t first_row : {1'000'000U, 4'000'000'000U, 0xFFFFFFFFU}) {
    const auto recording = read_bytes(forge({.table = schema::StringTable::kNumber,
                                             .first_row = first_row,
                                             .rows = 1,
                                             .raw_length = static_cast<std::uint32_t>(raw.size())},
                                            raw),
                                      "x");
    ASSERT_TRUE(recording);
    EXPECT_TRUE(has_damage(*recording, DamageKind::chunk));
    EXPECT_EQ(total_rows(recording->tables), 0U);
  }
}

TEST(Hostile, EndlessDamageIsListedUpToABound) {
  ByteWriter out;
  put_file_header(out, schema::kFormatVersion);
  for (int i = 0; i < 5000; ++i) {
    put_chunk(out, {.version = schema::kFormatVersion, .table = 200}, {});
  }
  const auto recording = read_bytes(out.data(), "x");
  ASSERT_TRUE(recording);
  EXPECT_LT(recording->damage.size(), 1100U);
  EXPECT_EQ(recording->damage.back().what, "There is more damage, which is not listed.");
}

TEST(Hostile, ValuesThatCannotBeAreRefusedWithTheirChunk) {
  const Bytes raw(4, std::byte{0x7F});  // a context of kind 127
  const auto recording = read_bytes(
      forge({.table = schema::ContextTable::kNumber, .rows = 1, .raw_length = 4}, raw), "x");
  ASSERT_TRUE(recording);
  ASSERT_EQ(recording->damage.size(), 1U);
  EXPECT_EQ(recording->damage[0].what,
            "The chunk at byte 32 with 1 row of `contexts` was left out: it holds values that "
            "cannot be.");
}

TEST(Hostile, ReferencesToNowhereBecomeNone) {
  schema::Tables tables;
  tables.append(schema::StackRow{.parent = schema::StackId(0), .frame = schema::FrameId(5)});
  const auto recording = read_bytes(testing::record_tables(tables, 1), "x");
  ASSERT_TRUE(recording);
  EXPECT_TRUE(recording->tables.stacks.parent[0].is_none());
  EXPECT_TRUE(recording->tables.stacks.frame[0].is_none());
  ASSERT_EQ(recording->damage.size(), 1U);
  EXPECT_EQ(recording->damage[0].kind, DamageKind::ids);
}

TEST(Hostile, AFileFullOfMarkersIsReadInReasonableTime) {
  ByteWriter out;
  put_file_header(out, schema::kFormatVersion);
  // Each claims that everything after it is its payload, so that checking one reads to the end.
  constexpr std::uint32_t kCount = 100'000;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    ByteWriter chunk;
    put_chunk(chunk,
              {.version = 1,
               .table = 1,
               .compression = Compression::zstd,
               .rows = 1,
               .raw_length = 1,
               .stored_length = (kCount - i - 1) * 32},
              {});
    out.bytes(chunk.data());
  }
  const auto recording = read_bytes(out.data(), "x");
  ASSERT_TRUE(recording);
  EXPECT_EQ(total_rows(recording->tables), 0U);
}

}  // namespace
}  // namespace lancehead::record
