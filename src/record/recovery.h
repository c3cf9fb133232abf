// Finds the whole chunks of a file, whatever lies between them, and puts them into the tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "record/format.h"
#include "record/reader.h"

struct ZSTD_DCtx_s;

namespace lancehead::record {

struct FoundChunk {
  ChunkHeader header;
  std::span<const std::byte> stored;
  std::size_t offset = 0;   // in the file
  std::size_t skipped = 0;  // bytes before it that are no chunk
};

// Walks from chunk to chunk; where there is none, looks for the next marker with a right checksum.
class ChunkScanner {
 public:
  explicit ChunkScanner(std::span<const std::byte> file) : file_(file) {}

  [[nodiscard]] std::optional<FoundChunk> next();

  // After the last chunk: how many bytes follow that are no chunk.
  [[nodiscard]] std::size_t trailing() const { return trailing_; }
  [[nodiscard]] std::size_t trailing_offset() const { return file_.size() - trailing_; }
  // They begin as a chunk does that would end beyond the file.
  [[nodiscard]] bool is_cut() const;

 private:
  [[nodiscard]] std::optional<ChunkHeader> verified_at(std::size_t offset);
  [[nodiscard]] std::size_t find_marker(std::size_t from) const;

  std::span<const std::byte> file_;
  std::size_t offset_ = kFileHeaderSize;
  std::size_t trailing_ = 0;
  std::size_t wasted_ = 0;  // bytes hashed in vain, so that a hostile file cannot keep us busy
};

class Recovery {
 public:
  explicit Recovery(Recording& recording);

  void note_damaged_header();
  void add(const FoundChunk& chunk);
  // Compares the row counts with what the end of the recording says, and clears dangling ids.
  void finish(const ChunkScanner& scanner);

 private:
  struct FreeContext {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  void note(DamageKind kind, std::string what);
  void read_end(std::span<const std::byte> stored);
  [[nodiscard]] bool spend(std::size_t raw);
  [[nodiscard]] std::optional<std::span<const std::byte>> decompress(const FoundChunk& chunk);
  // The rows of a chunk as the current version has them.
  [[nodiscard]] std::optional<std::span<const std::byte>> upgrade(std::span<const std::byte> raw,
                                                                  const ChunkHeader& header);
  // Appends empty rows up to `first_row`.
  template <typename Table>
  [[nodiscard]] bool fill(Table& table, std::size_t first_row);
  template <typename Table>
  void add_rows(Table& table, const FoundChunk& chunk);
  void refuse(const FoundChunk& chunk, std::string_view table, std::string_view why);

  Recording& recording_;
  std::unique_ptr<ZSTD_DCtx_s, FreeContext> context_;
  Bytes raw_;
  Bytes upgraded_;
  std::size_t budget_;                       // raw bytes that may still be unpacked
  std::size_t fillable_;                     // empty rows that may still stand in for lost ones
  std::array<std::size_t, 256> expected_{};  // rows by table number, from the end chunk
};

}  // namespace lancehead::record
