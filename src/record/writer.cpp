#include "record/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "base/unique_fd.h"
#include "record/format.h"
#include "record/lock.h"

namespace lancehead::record {
namespace {

constexpr std::size_t kRowsPerChunk = 16384;
constexpr std::size_t kBytesPerChunk = std::size_t{1} << 20U;

std::unexpected<Error> cannot_create(const std::filesystem::path& path, int error) {
  if (error == EEXIST) {
    return fail(ErrorKind::usage, fmt::format("The file {} is already there.", path.string()),
                "Name another file with --output, or write over it with --force.");
  }
  if (error == EWOULDBLOCK) {
    return fail(ErrorKind::usage,
                fmt::format("{} is being recorded by another lancehead.", path.string()),
                "Wait for it to end, or name another file with --output.");
  }
  std::string remedy = "Name a file that you may write with --output.";
  if (error == ENOENT || error == ENOTDIR) {
    remedy = "Make the folder first, or name a file in a folder that is there with --output.";
  } else if (error == EISDIR) {
    remedy = "That is a folder: name a file with --output.";
  } else if (error == ENOSPC || error == EDQUOT) {
    remedy = "Free some space, or name a file on another disk with --output.";
  }
  return fail(ErrorKind::io,
              fmt::format("The recording {} cannot be made: {}.", path.string(),
                          std::generic_category().message(error)),
              remedy);
}

// A regular file is replaced, not overwritten: who reads the old one keeps it whole.
UniqueFd open_new(const std::filesystem::path& path, bool force) {
  constexpr mode_t kOwnerOnly = 0600;
  struct stat status{};
  const bool exists = ::lstat(path.c_str(), &status) == 0;
  if (force && exists && !S_ISREG(status.st_mode)) {
    return UniqueFd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  }
  if (force && exists && is_being_recorded(path)) {
    errno = EWOULDBLOCK;
    return {};
  }
  if (force && exists) {
    ::unlink(path.c_str());
  }
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (fd) {
    lock_recording(fd.get());
  }
  return fd;
}

// errno, or 0.
int write_file_header(int fd) {
  ByteWriter header;
  put_file_header(header, schema::kFormatVersion);
  const ssize_t wrote = ::write(fd, header.data().data(), header.size());
  if (wrote < 0) {
    return errno;
  }
  return static_cast<std::size_t>(wrote) == header.size() ? 0 : ENOSPC;
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::create(const std::filesystem::path& path, Options options) {
  UniqueFd fd = open_new(path, options.force);
  if (!fd) {
    return cannot_create(path, errno);
  }
  if (const int error = write_file_header(fd.get()); error != 0) {
    return cannot_create(path, error);
  }
  auto sink = std::make_unique<ChunkSink>(std::move(fd), path.string(), kFileHeaderSize);
  return std::unique_ptr<Writer>(new Writer(std::move(sink), path.string()));
}

Writer::Writer(std::unique_ptr<ChunkSink> sink, std::string name)
    : name_(std::move(name)), sink_(std::move(sink)) {}

Writer::~Writer() {
  if (!finished_) {
    sink_->push(encode_pending());
  }
}

Result<void> Writer::flush() {
  if (auto batch = encode_pending(); !batch.empty()) {
    sink_->push(std::move(batch));
  }
  return report_once();
}

Result<void> Writer::write_through() {
  const Result<void> flushed = flush();
  if (!flushed || finished_) {
    return flushed;
  }
  sink_->drain();
  return report_once();
}

Result<void> Writer::finish() {
  if (!finished_) {
    auto batch = encode_pending();
    batch.push_back(end_chunk());
    sink_->push(std::move(batch));
    sink_->close();
    finished_ = true;
  }
  if (auto failure = sink_->failure()) {
    return std::unexpected(*std::move(failure));
  }
  return problem_ ? Result<void>(std::unexpected(*problem_)) : Result<void>();
}

Result<void> Writer::report_once() {
  auto failure = sink_->failure();
  if (!failure) {
    failure = problem_;
  }
  if (!failure || reported_) {
    return {};
  }
  reported_ = true;
  return std::unexpected(*std::move(failure));
}

std::vector<RawChunk> Writer::encode_pending() {
  std::vector<RawChunk> batch;
  pending_.for_each([&](auto& table) {
    using Table = std::remove_reference_t<decltype(table)>;
    for (std::size_t first = 0; first < table.size(); first += kRowsPerChunk) {
      encode_rows(table, first, std::min(first + kRowsPerChunk, table.size()), batch);
    }
    flushed_[Table::kIndex] += table.size();
    table.clear();
  });
  return batch;
}

template <typename Table>
void Writer::encode_rows(const Table& table, std::size_t first, std::size_t last,
                         std::vector<RawChunk>& batch) {
  const std::size_t first_row = flushed_[Table::kIndex] + first;
  if (first_row + (last - first) > Id<void>::kNone) {
    problem_ = Error{ErrorKind::incomplete,
                     fmt::format("The recording {} is full: the table `{}` has 4 294 967 295 rows.",
                                 name_, Table::kName),
                     "Record at a lower rate, or for a shorter time."};
    return;
  }
  Bytes raw = table.encode(first, last);
  if (raw.size() > kBytesPerChunk && last - first > 1) {
    const std::size_t middle = first + (last - first) / 2;
    encode_rows(table, first, middle, batch);
    encode_rows(table, middle, last, batch);
    return;
  }
  if (raw.size() > kMaxRawLength) {
    // The row stays, so that later ids keep their meaning.
    problem_ =
        Error{ErrorKind::incomplete,
              fmt::format("A row of `{}` takes {} MiB, more than the 64 MiB that a recording "
                          "can hold in one piece, and is left empty in {}.",
                          Table::kName, raw.size() >> 20U, name_),
              "Leave the text of sources out with --no-sources."};
    Table empty;
    empty.append({});
    raw = empty.encode(0, 1);
  }
  batch.push_back({.table = Table::kNumber,
                   .first_row = static_cast<std::uint32_t>(first_row),
                   .rows = static_cast<std::uint32_t>(last - first),
                   .raw = std::move(raw)});
}

// Pairs of table number and row count.
RawChunk Writer::end_chunk() const {
  ByteWriter out;
  pending_.for_each([&](const auto& table) {
    using Table = std::remove_cvref_t<decltype(table)>;
    out.varint(Table::kNumber);
    out.varint(flushed_[Table::kIndex]);
  });
  return {.table = kEndChunk, .raw = out.take()};
}

}  // namespace lancehead::record
