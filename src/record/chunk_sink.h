// The thread that compresses chunks and appends them to the file, so that whoever samples never
// waits for a disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

struct ZSTD_CCtx_s;

namespace lancehead::record {

// The rows [first_row, first_row + rows) of a table, encoded.
struct RawChunk {
  std::uint8_t table = 0;
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
  Bytes raw;
};

class ChunkSink {
 public:
  // `fd` is at the end of what is already written, `written` bytes; `name` is for messages.
  ChunkSink(UniqueFd fd, std::string name, std::uint64_t written);
  // Writes what is queued.
  ~ChunkSink();
  ChunkSink(const ChunkSink&) = delete;
  ChunkSink& operator=(const ChunkSink&) = delete;
  ChunkSink(ChunkSink&&) = delete;
  ChunkSink& operator=(ChunkSink&&) = delete;

  // Queues the chunks of one flush. Takes them even after a failure, and drops them then.
  void push(std::vector<RawChunk> batch);

  // Waits until everything that is queued has been handed to the kernel.
  void drain();

  // Why writing stopped, if it did.
  [[nodiscard]] std::optional<Error> failure();

  // Writes what is queued, ends the thread and closes the file.
  void close();

 private:
  void work();
  void write_batch(ZSTD_CCtx_s& context, const std::vector<RawChunk>& batch);
  void write_all(std::span<const std::byte> bytes, std::span<const std::size_t> chunk_ends);
  void give_up(std::string what, std::string remedy);

  const std::string name_;
  UniqueFd fd_;                // the thread's until it has ended
  bool broken_ = false;        // the thread's; a write failed
  std::uint64_t written_ = 0;  // the thread's; ends with a whole chunk

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable drained_;
  std::vector<std::vector<RawChunk>> queue_;  // guarded, as all below
  std::size_t queued_bytes_ = 0;
  bool closing_ = false;
  std::optional<Error> failure_;

  std::thread thread_;
};

}  // namespace lancehead::record
