// Writes a recording.
//
// Rows are appended to columns in memory; flush() encodes them and hands them to a thread that
// compresses and writes. One Writer belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/chunk_sink.h"
#include "schema/tables.h"

namespace lancehead::record {

struct WriterOptions {
  bool force = false;  // write over a file that is already there
};

class Writer {
 public:
  using Options = WriterOptions;

  // Makes the file, readable by its owner only. The errors are of the kinds usage (the file is
  // there, and it is not forced) and io.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> create(const std::filesystem::path& path,
                                                              Options options = {});
  // What was appended is written, but the recording is not marked as complete.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  Writer(Writer&&) = delete;
  Writer& operator=(Writer&&) = delete;

  // Appends a row of any table. The id counts the rows of the whole recording, and may be used in
  // rows that are appended later.
  template <typename Row>
  auto append(const Row& row) {
    using Table = typename Row::Table;
    const auto pending = pending_.append(row);
    return typename Table::RowId(flushed_[Table::kIndex] + pending.row());
  }

  // How many rows of a table the recording has.
  template <typename Table>
  [[nodiscard]] std::size_t rows() const {
    return flushed_[Table::kIndex] + pending_.template get<Table>().size();
  }

  // Sends all rows on their way; never waits for the disk. If writing has failed meanwhile, says so
  // once; from then on rows are dropped and flush() succeeds. The file stays readable up to there.
  Result<void> flush();

  // As flush(), and waits until all rows can be read from the file.
  Result<void> write_through();

  // Writes everything, and marks the recording as complete. Fails if anything of it failed, now or
  // before, and does nothing when called again.
  Result<void> finish();

 private:
  explicit Writer(std::unique_ptr<ChunkSink> sink, std::string name);

  std::vector<RawChunk> encode_pending();
  template <typename Table>
  void encode_rows(const Table& table, std::size_t first, std::size_t last,
                   std::vector<RawChunk>& batch);
  RawChunk end_chunk() const;
  Result<void> report_once();

  std::string name_;
  schema::Tables pending_;
  std::array<std::size_t, schema::kTableCount> flushed_{};
  std::unique_ptr<ChunkSink> sink_;
  std::optional<Error> problem_;  // of the rows, not of the file
  bool reported_ = false;
  bool finished_ = false;
};

}  // namespace lancehead::record
