#include "record/recovery.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>

#include "record/upgrade.h"

namespace lancehead::record {
namespace {

// How many times larger than the file all chunks together may unpack, beyond what is free for the
// smallest file. Samples never come near; it bounds what a hostile file can make of our memory.
constexpr std::size_t kMaxRatio = 512;
constexpr std::size_t kFreeToUnpack = kMaxRawLength;
// Rows that a lost byte may have held: the writer's densest chunks come to half of it. A few are
// free, for bytes that are not even there any more.
constexpr std::size_t kRowsPerLostByte = 256;
constexpr std::size_t kFreeToFill = 65536;
// What a hostile file may make us hash in vain, for each of its bytes.
constexpr std::size_t kMaxWaste = 8;
constexpr std::size_t kFreeToWaste = std::size_t{64} << 20U;

// Nobody reads more, and a hostile file must not make us write more.
constexpr std::size_t kMaxNotes = 1000;

std::string rows_of(std::size_t rows, std::string_view table) {
  return fmt::format("{} {} of `{}`", rows, rows == 1 ? "row" : "rows", table);
}

std::string_view is_or_are(std::size_t count) {
  return count == 1 ? "is" : "are";
}

}  // namespace

std::optional<FoundChunk> ChunkScanner::next() {
  const std::size_t expected = offset_;
  for (std::size_t at = expected; at < file_.size(); at = find_marker(at + 1)) {
    if (const auto header = verified_at(at)) {
      offset_ = at + kChunkHeaderSize + header->stored_length;
      return FoundChunk{.header = *header,
                        .stored = file_.subspan(at + kChunkHeaderSize, header->stored_length),
                        .offset = at,
                        .skipped = at - expected};
    }
  }
  trailing_ = file_.size() - std::min(expected, file_.size());
  offset_ = file_.size();
  return std::nullopt;
}

bool ChunkScanner::is_cut() const {
  const auto rest = file_.last(trailing_);
  const auto marker = std::as_bytes(std::span(kMarker));
  const std::size_t known = std::min(rest.size(), marker.size());
  if (!std::ranges::equal(rest.first(known), marker.first(known))) {
    return false;
  }
  ByteReader in(rest);
  in.bytes(kChunkHeaderSize - sizeof(std::uint64_t) - sizeof(std::uint32_t));
  const auto stored = in.little<std::uint32_t>();
  return !in.ok() || rest.size() < kChunkHeaderSize + std::size_t{stored};
}

std::optional<ChunkHeader> ChunkScanner::verified_at(std::size_t offset) {
  const auto bytes = file_.subspan(offset);
  const auto header = peek_chunk(bytes);
  if (!header || wasted_ / kMaxWaste > file_.size() + kFreeToWaste) {
    return std::nullopt;
  }
  if (!verify_chunk(bytes, *header)) {
    wasted_ += header->stored_length;
    return std::nullopt;
  }
  return header;
}

std::size_t ChunkScanner::find_marker(std::size_t from) const {
  const auto marker = std::as_bytes(std::span(kMarker));
  const auto found = std::ranges::search(file_.subspan(std::min(from, file_.size())), marker);
  return static_cast<std::size_t>(found.begin() - file_.begin());
}

void Recovery::FreeContext::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

Recovery::Recovery(Recording& recording)
    : recording_(recording),
      context_(ZSTD_createDCtx()),
      budget_(kFreeToUnpack),
      fillable_(kFreeToFill) {
  if (!context_) {
    throw std::bad_alloc();
  }
}

void Recovery::note(DamageKind kind, std::string what) {
  if (recording_.damage.size() == kMaxNotes) {
    recording_.damage.push_back({kind, "There is more damage, which is not listed."});
  }
  if (recording_.damage.size() > kMaxNotes) {
    return;
  }
  recording_.damage.push_back({kind, std::move(what)});
}

void Recovery::note_damaged_header() {
  note(DamageKind::bytes, "The header of the file is damaged.");
}

bool Recovery::spend(std::size_t raw) {
  if (raw > budget_) {
    return false;
  }
  budget_ -= raw;
  return true;
}

void Recovery::refuse(const FoundChunk& chunk, std::string_view table, std::string_view why) {
  fillable_ += (kChunkHeaderSize + chunk.stored.size()) * kRowsPerLostByte;
  note(DamageKind::chunk, fmt::format("The chunk at byte {} with {} was left out: {}.",
                                      chunk.offset, rows_of(chunk.header.rows, table), why));
}

void Recovery::add(const FoundChunk& chunk) {
  budget_ += (kChunkHeaderSize + chunk.stored.size()) * kMaxRatio;
  fillable_ += chunk.skipped * kRowsPerLostByte;
  if (chunk.skipped > 0) {
    note(DamageKind::bytes, fmt::format("{} bytes at byte {} are damaged and were skipped.",
                                        chunk.skipped, chunk.offset - chunk.skipped));
  }
  if (chunk.header.version != recording_.version) {
    refuse(chunk, "?", fmt::format("it has format version {}", chunk.header.version));
    return;
  }
  if (chunk.header.table == kEndChunk) {
    recording_.complete = true;
    if (const auto raw = decompress(chunk)) {
      read_end(*raw);
    }
    return;
  }
  const bool known = recording_.tables.with_number(chunk.header.table,
                                                   [&](auto& table) { add_rows(table, chunk); });
  if (!known) {
    refuse(chunk, "?", fmt::format("there is no table {}", chunk.header.table));
  }
}

template <typename Table>
void Recovery::add_rows(Table& table, const FoundChunk& chunk) {
  const std::size_t first_row = chunk.header.first_row;
  const std::size_t before = table.size();
  if (first_row < before) {
    refuse(chunk, Table::kName, "its rows are already there");
    return;
  }
  if (first_row + chunk.header.rows > std::numeric_limits<std::uint32_t>::max()) {
    refuse(chunk, Table::kName, "its row numbers are too high");
    return;
  }
  const auto raw = decompress(chunk);
  if (!raw) {
    refuse(chunk, Table::kName, "it cannot be unpacked");
    return;
  }
  const auto current = upgrade(*raw, chunk.header);
  if (!current) {
    refuse(chunk, Table::kName, "it holds values that cannot be");
    return;
  }
  if (!fill(table, first_row)) {
    refuse(chunk, Table::kName, "too many rows before it are missing");
    return;
  }
  if (!table.decode(*current, chunk.header.rows)) {
    table.truncate(before);
    refuse(chunk, Table::kName, "it holds values that cannot be");
    return;
  }
  if (first_row > before) {
    note(DamageKind::rows,
         fmt::format("{} {} lost, from row {} on.", rows_of(first_row - before, Table::kName),
                     is_or_are(first_row - before), before));
  }
}

template <typename Table>
bool Recovery::fill(Table& table, std::size_t first_row) {
  const std::size_t missing = first_row - table.size();
  if (missing > fillable_) {
    return false;
  }
  fillable_ -= missing;
  while (table.size() < first_row) {
    table.append({});
  }
  return true;
}

std::optional<std::span<const std::byte>> Recovery::decompress(const FoundChunk& chunk) {
  const std::size_t length = chunk.header.raw_length;
  if (!spend(length)) {
    return std::nullopt;
  }
  if (chunk.header.compression == Compression::none) {
    return chunk.stored;
  }
  // The frame must say itself how long it is, so that nothing is set aside for a lie.
  if (ZSTD_getFrameContentSize(chunk.stored.data(), chunk.stored.size()) != length) {
    return std::nullopt;
  }
  raw_.resize(length);
  const std::size_t got = ZSTD_decompressDCtx(context_.get(), raw_.data(), raw_.size(),
                                              chunk.stored.data(), chunk.stored.size());
  if (ZSTD_isError(got) != 0 || got != length) {
    return std::nullopt;
  }
  return raw_;
}

std::optional<std::span<const std::byte>> Recovery::upgrade(std::span<const std::byte> raw,
                                                            const ChunkHeader& header) {
  if (!needs_upgrade(header.table, header.version)) {
    return raw;
  }
  auto upgraded = upgrade_chunk(raw, header.rows);
  if (!upgraded) {
    return std::nullopt;
  }
  upgraded_ = *std::move(upgraded);
  return upgraded_;
}

void Recovery::read_end(std::span<const std::byte> stored) {
  ByteReader in(stored);
  while (in.ok() && in.remaining() > 0) {
    const std::uint64_t number = in.varint();
    const std::uint64_t rows = in.varint();
    if (in.ok() && number < expected_.size()) {
      expected_[static_cast<std::size_t>(number)] = static_cast<std::size_t>(rows);
    }
  }
}

void Recovery::finish(const ChunkScanner& scanner) {
  if (scanner.is_cut() && scanner.trailing() > 0) {
    note(DamageKind::cut, fmt::format("The file ends inside a chunk that begins at byte {}.",
                                      scanner.trailing_offset()));
  } else if (scanner.trailing() > 0) {
    note(DamageKind::bytes,
         fmt::format("The last {} bytes are damaged and were skipped.", scanner.trailing()));
  }
  recording_.tables.for_each([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(table)>;
    const std::size_t expected = expected_[Table::kNumber];
    if (expected > table.size()) {
      const std::size_t lost = expected - table.size();
      note(DamageKind::rows,
           fmt::format("The last {} {} lost.", rows_of(lost, Table::kName), is_or_are(lost)));
    }
  });
  if (const std::size_t cleared = recording_.tables.clear_dangling(); cleared > 0) {
    note(DamageKind::ids,
         fmt::format("{} references led to rows that are not there, and were cleared.", cleared));
  }
}

}  // namespace lancehead::record
