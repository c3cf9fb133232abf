#include "record/chunk_sink.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>
#include <utility>

#include "record/format.h"
#include "schema/tables.h"

namespace lancehead::record {
namespace {

// More than this behind, the disk will not catch up, and memory must not grow without end.
constexpr std::size_t kMaxQueued = std::size_t{512} << 20U;
constexpr int kLevel = 9;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeContext>;

// The payload as it is stored: compressed where that makes it smaller.
Bytes compress(ZSTD_CCtx* context, const Bytes& raw, Compression& used) {
  Bytes stored(ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context, stored.data(), stored.size(), raw.data(), raw.size(), kLevel);
  if (ZSTD_isError(size) != 0 || size >= raw.size()) {
    used = Compression::none;
    return raw;
  }
  used = Compression::zstd;
  stored.resize(size);
  return stored;
}

void put_raw_chunk(ByteWriter& out, ZSTD_CCtx* context, const RawChunk& chunk) {
  ChunkHeader header{.version = schema::kFormatVersion,
                     .table = chunk.table,
                     .first_row = chunk.first_row,
                     .rows = chunk.rows,
                     .raw_length = static_cast<std::uint32_t>(chunk.raw.size())};
  const Bytes stored = compress(context, chunk.raw, header.compression);
  header.stored_length = static_cast<std::uint32_t>(stored.size());
  put_chunk(out, header, stored);
}

std::size_t byte_size(const std::vector<RawChunk>& batch) {
  std::size_t size = 0;
  for (const RawChunk& chunk : batch) {
    size += chunk.raw.size();
  }
  return size;
}

}  // namespace

ChunkSink::ChunkSink(UniqueFd fd, std::string name, std::uint64_t written)
    : name_(std::move(name)), fd_(std::move(fd)), written_(written) {
  // Signals are for the threads that expect them, and SIGXFSZ must become an error of write().
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ChunkSink::~ChunkSink() {
  close();
}

void ChunkSink::push(std::vector<RawChunk> batch) {
  const std::size_t size = byte_size(batch);
  const std::scoped_lock lock(mutex_);
  if (failure_) {
    return;
  }
  if (queued_bytes_ + size > kMaxQueued) {
    failure_ = Error{ErrorKind::incomplete,
                     fmt::format("The disk is too slow for the recording {}: {} MiB wait to be "
                                 "written, so no more is recorded.",
                                 name_, queued_bytes_ >> 20U),
                     "What was written before can be read. Record to a faster disk."};
    return;
  }
  queued_bytes_ += size;
  queue_.push_back(std::move(batch));
  changed_.notify_one();
}

void ChunkSink::drain() {
  std::unique_lock lock(mutex_);
  drained_.wait(lock, [this] { return queued_bytes_ == 0; });
}

std::optional<Error> ChunkSink::failure() {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void ChunkSink::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
    // A network or quota file system may tell of a failed write only here.
    const int fd = fd_.release();
    if (::close(fd) != 0 && errno != EINTR) {
      give_up(std::generic_category().message(errno), "Look at the file system, and record again.");
    }
  }
}

void ChunkSink::work() {
  const Compressor context(ZSTD_createCCtx());
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) {
      return;
    }
    auto batches = std::exchange(queue_, {});
    lock.unlock();
    for (auto& batch : batches) {
      const std::size_t size = byte_size(batch);
      write_batch(*context, std::exchange(batch, {}));
      const std::scoped_lock counting(mutex_);
      queued_bytes_ -= size;
      if (queued_bytes_ == 0) {
        drained_.notify_all();
      }
    }
    lock.lock();
  }
}

void ChunkSink::write_batch(ZSTD_CCtx_s& context, const std::vector<RawChunk>& batch) {
  if (broken_) {
    return;
  }
  ByteWriter out;
  std::vector<std::size_t> chunk_ends;
  for (const RawChunk& chunk : batch) {
    put_raw_chunk(out, &context, chunk);
    chunk_ends.push_back(out.size());
  }
  write_all(out.data(), chunk_ends);
}

void ChunkSink::write_all(std::span<const std::byte> bytes,
                          std::span<const std::size_t> chunk_ends) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = ::write(fd_.get(), bytes.data() + done, bytes.size() - done);
    if (wrote >= 0) {
      done += static_cast<std::size_t>(wrote);
    } else if (errno != EINTR) {
      const int error = errno;
      broken_ = true;
      const auto* const beyond = std::ranges::upper_bound(chunk_ends, done).base();
      written_ += beyond == chunk_ends.data() ? 0 : *(beyond - 1);
      // Part of a chunk does no harm to a reader, so it does not matter if this fails, too.
      [[maybe_unused]] const int cut = ::ftruncate(fd_.get(), static_cast<off_t>(written_));
      give_up(std::generic_category().message(error),
              error == ENOSPC || error == EDQUOT
                  ? "What was written before can be read. Free some space, and record again."
                  : "What was written before can be read.");
      return;
    }
  }
  written_ += done;
}

void ChunkSink::give_up(std::string what, std::string remedy) {
  const std::scoped_lock lock(mutex_);
  if (!failure_) {
    failure_ = Error{
        ErrorKind::incomplete,
        fmt::format("The recording {} ends early, after {} bytes: {}.", name_, written_, what),
        std::move(remedy)};
  }
}

}  // namespace lancehead::record
