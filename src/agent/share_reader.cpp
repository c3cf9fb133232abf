#include "agent/share_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace lancehead::agent {
namespace {

constexpr std::uint64_t kHeaderRoom = 64;
constexpr std::uint64_t kFirstSegment = (kShareStart + kSharePage - 1) / kSharePage * kSharePage;
constexpr std::uint32_t kMostProcesses = 1U << 20U;
constexpr std::uint64_t kMostRecord = 64U << 20U;
constexpr std::uint32_t kMostCounters = 1U << 24U;

// What is read of a header: the fields of the atomics are plain here.
struct ShareHead {
  std::uint64_t magic;
  std::uint64_t end;
  std::uint32_t process_count;
  std::uint32_t configuration_size;
};
static_assert(sizeof(ShareHead) == sizeof(ShareHeader));

struct SegmentHead {
  std::uint64_t magic;
  std::uint64_t size;
  SegmentKind kind;
  std::uint32_t process;
  std::uint32_t number;
  std::uint32_t unused;
  std::uint64_t used;
  std::uint64_t base;
};
static_assert(sizeof(SegmentHead) == sizeof(SegmentHeader));

std::unexpected<Error> io_error(const char* what, const std::filesystem::path& path) {
  return fail(ErrorKind::io,
              fmt::format("{} `{}`: {}.", what, path.string(), std::strerror(errno)));
}

}  // namespace

Result<ShareReader> ShareReader::create(const std::filesystem::path& path,
                                        std::string_view configuration) {
  if (configuration.size() > kMostConfiguration) {
    return fail(ErrorKind::usage, "The patterns of --include and --exclude are too long.",
                "Use fewer or shorter ones.");
  }
  constexpr mode_t kOwnerOnly = 0600;
  // One that was left behind may still be mapped by a program that goes on: it must keep its size.
  ::unlink(path.c_str());
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (!file) {
    return io_error("Cannot make", path);
  }
  const ShareHead head{.magic = kShareMagic,
                       .end = kFirstSegment,
                       .process_count = 0,
                       .configuration_size = static_cast<std::uint32_t>(configuration.size())};
  const bool written =
      ::ftruncate(file.get(), static_cast<off_t>(kFirstSegment)) == 0 &&
      ::pwrite(file.get(), &head, sizeof head, 0) == static_cast<ssize_t>(sizeof head) &&
      ::pwrite(file.get(), configuration.data(), configuration.size(), sizeof head) ==
          static_cast<ssize_t>(configuration.size());
  if (!written) {
    return io_error("Cannot write", path);
  }
  return ShareReader(std::move(file));
}

Result<ShareReader> ShareReader::open(const std::filesystem::path& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    return io_error("Cannot read", path);
  }
  return ShareReader(std::move(file));
}

bool ShareReader::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  return ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(into.size());
}

void ShareReader::meet_segment(std::uint64_t offset, const SegmentHeader& header) {
  if (header.process >= kMostProcesses) {
    return;
  }
  if (header.process >= processes_.size()) {
    processes_.resize(header.process + std::size_t{1});
  }
  if (header.kind == SegmentKind::records) {
    segments_.push_back({.offset = offset, .size = header.size, .process = header.process});
  } else if (header.kind == SegmentKind::counters) {
    processes_[header.process].counters[header.number] = offset + kHeaderRoom;
    processes_[header.process].counter_ends[header.number] = offset + header.size;
  } else if (header.kind == SegmentKind::call_thread || header.kind == SegmentKind::call_nodes) {
    const CallSegment segment{.offset = offset, .size = header.size, .base = header.base};
    CallSegments& calls = processes_[header.process].calls[header.number];
    if (header.kind == SegmentKind::call_thread) {
      calls.thread = segment;
    } else {
      calls.nodes.push_back(segment);
    }
  }
}

// A process that was killed between claiming a segment and writing its header leaves a hole, which
// is passed over page by page.
bool ShareReader::find_segments() {
  ShareHead head{};
  if (!read_at(0, std::as_writable_bytes(std::span(&head, 1))) || head.magic != kShareMagic) {
    return false;
  }
  const off_t size = ::lseek(file_.get(), 0, SEEK_END);
  const std::uint64_t end =
      std::min(head.end, static_cast<std::uint64_t>(std::max<off_t>(size, 0)));
  std::uint64_t at = std::max(scanned_, kFirstSegment);
  bool found = false;
  while (at + kHeaderRoom <= end) {
    SegmentHead segment{};
    if (!read_at(at, std::as_writable_bytes(std::span(&segment, 1)))) {
      break;
    }
    const bool whole = segment.magic == kSegmentMagic && segment.size >= kSharePage &&
                       segment.size % kSharePage == 0 && segment.size <= end - at;
    if (!whole) {
      at += kSharePage;
      continue;
    }
    SegmentHeader header;
    header.size = segment.size;
    header.kind = segment.kind;
    header.process = segment.process;
    header.number = segment.number;
    header.base = segment.base;
    meet_segment(at, header);
    at += segment.size;
    scanned_ = at;
    found = true;
  }
  return found;
}

void ShareReader::take(std::uint32_t process, RecordKind kind, std::span<const std::byte> bytes) {
  Process& from = processes_[process];
  switch (kind) {
    case RecordKind::process:
      if (const auto record = decode_process(bytes)) {
        from.record = *record;
        if (record->parent < processes_.size() && record->parent != process) {
          const std::vector<std::size_t>& all = processes_[record->parent].lineage;
          const std::size_t count = std::min<std::uint64_t>(record->inherited, all.size());
          from.lineage.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
          from.call_clock = processes_[record->parent].call_clock;
        }
      }
      return;
    case RecordKind::frames:
      if (auto record = decode_frames(bytes)) {
        from.frames.push_back(std::move(*record));
      }
      return;
    case RecordKind::chosen:
      if (const auto record = decode_chosen(bytes);
          record && record->record < from.lineage.size()) {
        from.chosen.push_back(from.lineage[record->record]);
      }
      return;
    case RecordKind::code:
      if (auto record = decode_code(bytes)) {
        from.lineage.push_back(records_.size());
        records_.push_back({.code = std::move(record)});
      }
      return;
    case RecordKind::callee:
      if (auto record = decode_callee(bytes)) {
        from.lineage.push_back(records_.size());
        records_.push_back({.callee = std::move(record)});
      }
      return;
    case RecordKind::calls:
      if (const auto record = decode_calls(bytes)) {
        from.call_clock = record;
      }
      return;
    case RecordKind::uncounted:
      if (auto record = decode_uncounted(bytes)) {
        from.lineage.push_back(records_.size());
        records_.push_back({.uncounted = std::move(record)});
      }
      return;
  }
}

bool ShareReader::read_records(RecordSegment& segment) {
  std::uint64_t used = 0;
  if (!read_at(segment.offset + offsetof(SegmentHead, used),
               std::as_writable_bytes(std::span(&used, 1)))) {
    return false;
  }
  used = std::min(used, segment.size - kHeaderRoom);
  bool any = false;
  while (segment.read + sizeof(RecordHeader) <= used) {
    const std::uint64_t at = segment.offset + kHeaderRoom + segment.read;
    RecordHeader head;
    if (!read_at(at, std::as_writable_bytes(std::span(&head, 1))) || head.size > kMostRecord ||
        segment.read + sizeof head + head.size > used) {
      segment.read = used;  // what follows cannot be found
      break;
    }
    Bytes bytes(head.size);
    if (!read_at(at + sizeof head, bytes)) {
      break;
    }
    take(segment.process, head.kind, bytes);
    segment.read += sizeof head + head.size;
    any = true;
  }
  return any;
}

bool ShareReader::poll() {
  bool any = find_segments();
  // In the order of the file: a parent announced what a child inherits before the child's segments.
  for (RecordSegment& segment : segments_) {
    any = read_records(segment) || any;
  }
  return any;
}

std::optional<std::vector<std::uint64_t>> ShareReader::counters(const Process& process,
                                                                const CounterPlace& place,
                                                                std::uint32_t count) const {
  const auto segment = process.counters.find(place.segment);
  if (segment == process.counters.end() || count > kMostCounters) {
    return std::nullopt;
  }
  const std::uint64_t begin = segment->second + std::uint64_t{place.index} * sizeof(std::uint64_t);
  const std::uint64_t size = std::uint64_t{count} * sizeof(std::uint64_t);
  const std::uint64_t end = process.counter_ends.at(place.segment);
  std::vector<std::uint64_t> values(count);
  if (begin + size > end || !read_at(begin, std::as_writable_bytes(std::span(values)))) {
    return std::nullopt;
  }
  return values;
}

}  // namespace lancehead::agent
