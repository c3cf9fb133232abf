// The layout of a recording file: one header, then chunks. docs/format.md describes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"

namespace lancehead::record {

// The first byte is not text, and a transfer that changes line ends would break the rest.
inline constexpr std::array<std::uint8_t, 8> kMagic = {0x8C, 'L', 'A', 'N', 'C', '\r', '\n', 0x1A};
inline constexpr std::array<std::uint8_t, 4> kMarker = {0xF5, 'L', 'h', 0xD1};

inline constexpr std::size_t kFileHeaderSize = 32;
inline constexpr std::size_t kChunkHeaderSize = 32;

// Bounds of one chunk before compression. A reader refuses more; the writer stays far below.
inline constexpr std::size_t kMaxRawLength = std::size_t{64} << 20U;
inline constexpr std::size_t kMaxRows = std::size_t{1} << 24U;

// The table number of the chunk that ends a recording; it holds the row count of every table.
inline constexpr std::uint8_t kEndChunk = 0;

enum class Compression : std::uint8_t { none, zstd };

struct ChunkHeader {
  std::uint16_t version = 0;
  std::uint8_t table = 0;
  Compression compression = Compression::none;
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
  std::uint32_t raw_length = 0;
  std::uint32_t stored_length = 0;
};

// Appends a whole chunk: the header with the checksum, and the payload as it is stored.
void put_chunk(ByteWriter& out, const ChunkHeader& header, std::span<const std::byte> stored);

// The header at the start of `bytes`, if its fields are within the bounds and the file is long
// enough for its payload. The checksum is not looked at.
[[nodiscard]] std::optional<ChunkHeader> peek_chunk(std::span<const std::byte> bytes);

// Whether the checksum of the chunk at the start of `bytes`, which peek_chunk() accepted, is right.
[[nodiscard]] bool verify_chunk(std::span<const std::byte> bytes, const ChunkHeader& header);

void put_file_header(ByteWriter& out, std::uint32_t version);

struct FileHeader {
  bool magic = false;     // it begins as a recording does
  bool verified = false;  // its checksum is right
  std::uint32_t version = 0;
};

// `bytes` holds at least kFileHeaderSize bytes.
[[nodiscard]] FileHeader read_file_header(std::span<const std::byte> bytes);

}  // namespace lancehead::record
