#include "agent/share_writer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "base/unique_fd.h"

namespace lancehead::agent {
namespace {

constexpr std::uint64_t kRecordSegment = 1U << 20U;
constexpr std::uint64_t kCounterSegment = 1U << 20U;
constexpr std::size_t kHeaderRoom = 64;  // counters begin at a cache line of their own

static_assert(sizeof(SegmentHeader) <= kHeaderRoom);

std::uint64_t whole_pages(std::uint64_t size) {
  return (size + kSharePage - 1) / kSharePage * kSharePage;
}

}  // namespace

ShareWriter::ShareWriter(const char* path, std::uint32_t python_version)
    : path_(path), python_version_(python_version) {
  const UniqueFd file(::open(path, O_RDWR | O_CLOEXEC));
  void* map = ::mmap(nullptr, kShareStart, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (map == MAP_FAILED) {
    return;
  }
  header_ = static_cast<ShareHeader*>(map);
  if (header_->magic != kShareMagic || header_->configuration_size > kMostConfiguration) {
    header_ = nullptr;
    return;
  }
  take_part(kNoProcess, 0);
}

std::string_view ShareWriter::configuration() const {
  return {reinterpret_cast<const char*>(header_ + 1), header_->configuration_size};
}

ShareWriter::Segment ShareWriter::claim(SegmentKind kind, std::uint32_t number, std::uint64_t size,
                                        void* at) {
  size = whole_pages(size);
  const UniqueFd file(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  const std::uint64_t offset = header_->end.fetch_add(size);
  // The last byte makes the file long enough; pages that are not touched take no room.
  const char nothing = 0;
  if (::pwrite(file.get(), &nothing, 1, static_cast<off_t>(offset + size - 1)) != 1) {
    return {};
  }
  void* map = ::mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | (at != nullptr ? MAP_FIXED : 0),
                     file.get(), static_cast<off_t>(offset));
  if (map == MAP_FAILED) {
    return {};
  }
  auto* segment = new (map) SegmentHeader;
  segment->kind = kind;
  segment->process = process_;
  segment->number = number;
  segment->used.store(0);
  segment->base = reinterpret_cast<std::uint64_t>(map);
  segment->size = size;
  return {segment, size};
}

bool ShareWriter::is_ours() const {
  return header_ != nullptr && ::getpid() == process_id_;
}

void ShareWriter::take_part(std::uint32_t parent, std::uint64_t inherited) {
  process_id_ = ::getpid();
  process_ = header_->process_count.fetch_add(1);
  records_number_ = 0;
  records_ = {};
  const ProcessRecord record{.process_id = static_cast<std::uint32_t>(::getpid()),
                             .parent = parent,
                             .inherited = inherited,
                             .python_version = python_version_};
  record_count_ = inherited;
  if (!write(RecordKind::process, encode(record))) {
    header_ = nullptr;
  }
}

bool ShareWriter::write(RecordKind kind, std::span<const std::byte> record) {
  if (header_ == nullptr) {
    return false;
  }
  const std::uint64_t size = sizeof(RecordHeader) + record.size();
  std::uint64_t used = records_.header == nullptr ? 0 : records_.header->used.load();
  if (records_.header == nullptr || kHeaderRoom + used + size > records_.size) {
    records_ = claim(SegmentKind::records, records_number_++,
                     std::max<std::uint64_t>(kRecordSegment, kHeaderRoom + size));
    used = 0;
    if (records_.header == nullptr) {
      return false;
    }
  }
  std::byte* to = reinterpret_cast<std::byte*>(records_.header) + kHeaderRoom + used;
  const RecordHeader head{.size = static_cast<std::uint32_t>(record.size()), .kind = kind};
  std::memcpy(to, &head, sizeof head);
  std::memcpy(to + sizeof head, record.data(), record.size());
  records_.header->used.store(used + size, std::memory_order_release);
  if (kind == RecordKind::code || kind == RecordKind::uncounted || kind == RecordKind::callee) {
    ++record_count_;
  }
  return true;
}

Counters ShareWriter::new_counters(std::uint32_t count) {
  const std::uint64_t size = std::uint64_t{count} * sizeof(std::uint64_t);
  const bool fits =
      !counters_.empty() &&
      kHeaderRoom + counters_used_ * sizeof(std::uint64_t) + size <= counters_.back().size;
  if (header_ != nullptr && !fits) {
    const Segment segment =
        claim(SegmentKind::counters, static_cast<std::uint32_t>(counters_.size()),
              std::max(kCounterSegment, kHeaderRoom + size));
    if (segment.header == nullptr) {
      return {};
    }
    counters_.push_back(segment);
    counters_used_ = 0;
  }
  if (header_ == nullptr) {
    return {};
  }
  auto* base = reinterpret_cast<std::byte*>(counters_.back().header) + kHeaderRoom;
  const Counters result{.place = {.segment = static_cast<std::uint32_t>(counters_.size() - 1),
                                  .index = counters_used_},
                        .first = reinterpret_cast<std::uint64_t*>(base) + counters_used_};
  counters_used_ += count;
  return result;
}

void ShareWriter::begin_child() {
  if (header_ == nullptr) {
    return;
  }
  const std::uint32_t parent = process_;
  process_id_ = ::getpid();
  process_ = header_->process_count.fetch_add(1);
  // Written by hand: encode() allocates.
  std::array<std::byte, 32> bytes{};
  std::size_t size = 0;
  for (std::uint64_t value : {static_cast<std::uint64_t>(::getpid()), std::uint64_t{parent},
                              record_count_, std::uint64_t{python_version_}}) {
    for (; value >= 0x80; value >>= 7U) {
      bytes[size++] = static_cast<std::byte>(value | 0x80U);
    }
    bytes[size++] = static_cast<std::byte>(value);
  }
  records_ = {};
  records_number_ = 0;
  if (!write(RecordKind::process, std::span(bytes).first(size))) {
    header_ = nullptr;
  }
  for (std::uint32_t i = 0; i < counters_.size(); ++i) {
    Segment& segment = counters_[i];
    if (header_ != nullptr) {
      segment = claim(SegmentKind::counters, i, segment.size, segment.header);
    }
    if (segment.header == nullptr) {
      header_ = nullptr;
      return;
    }
  }
}

}  // namespace lancehead::agent
