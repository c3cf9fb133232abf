#include "record/format.h"

#include <algorithm>

#include "base/hash.h"

namespace lancehead::record {
namespace {

constexpr std::size_t kChecksumSize = 8;
constexpr std::size_t kCheckedHeader = kChunkHeaderSize - kChecksumSize;

std::uint64_t chunk_checksum(std::span<const std::byte> header, std::span<const std::byte> stored) {
  Hasher hasher;
  hasher.update(header);
  hasher.update(stored);
  return hasher.checksum();
}

}  // namespace

void put_chunk(ByteWriter& out, const ChunkHeader& header, std::span<const std::byte> stored) {
  ByteWriter fields;
  fields.bytes(std::as_bytes(std::span(kMarker)));
  fields.little(header.version);
  fields.little(header.table);
  fields.little(static_cast<std::uint8_t>(header.compression));
  fields.little(header.first_row);
  fields.little(header.rows);
  fields.little(header.raw_length);
  fields.little(header.stored_length);
  out.bytes(fields.data());
  out.little(chunk_checksum(fields.data(), stored));
  out.bytes(stored);
}

std::optional<ChunkHeader> peek_chunk(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  if (!std::ranges::equal(in.bytes(kMarker.size()), std::as_bytes(std::span(kMarker)))) {
    return std::nullopt;
  }
  ChunkHeader header;
  header.version = in.little<std::uint16_t>();
  header.table = in.little<std::uint8_t>();
  const auto compression = in.little<std::uint8_t>();
  header.compression = static_cast<Compression>(compression);
  header.first_row = in.little<std::uint32_t>();
  header.rows = in.little<std::uint32_t>();
  header.raw_length = in.little<std::uint32_t>();
  header.stored_length = in.little<std::uint32_t>();
  in.little<std::uint64_t>();
  const bool plausible = in.ok() && header.stored_length <= in.remaining() && compression <= 1 &&
                         header.raw_length <= kMaxRawLength && header.rows <= kMaxRows &&
                         header.rows <= header.raw_length &&
                         (compression != 0 || header.raw_length == header.stored_length);
  return plausible ? std::optional(header) : std::nullopt;
}

bool verify_chunk(std::span<const std::byte> bytes, const ChunkHeader& header) {
  ByteReader in(bytes.subspan(kCheckedHeader, kChecksumSize));
  const auto stored = bytes.subspan(kChunkHeaderSize, header.stored_length);
  return in.little<std::uint64_t>() == chunk_checksum(bytes.first(kCheckedHeader), stored);
}

void put_file_header(ByteWriter& out, std::uint32_t version) {
  ByteWriter fields;
  fields.bytes(std::as_bytes(std::span(kMagic)));
  fields.little(version);
  fields.little(std::uint32_t{0});
  fields.little(std::uint64_t{0});
  out.bytes(fields.data());
  out.little(checksum(fields.data()));
}

FileHeader read_file_header(std::span<const std::byte> bytes) {
  ByteReader in(bytes.first(kFileHeaderSize));
  FileHeader header;
  header.magic = std::ranges::equal(in.bytes(kMagic.size()), std::as_bytes(std::span(kMagic)));
  header.version = in.little<std::uint32_t>();
  in.bytes(kFileHeaderSize - kMagic.size() - sizeof(std::uint32_t) - kChecksumSize);
  header.verified =
      in.little<std::uint64_t>() == checksum(bytes.first(kFileHeaderSize - kChecksumSize));
  return header;
}

}  // namespace lancehead::record
