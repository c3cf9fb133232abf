#include "target/recorded_memory.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

namespace lancehead::target {
namespace {

constexpr std::string_view kMagic = "lhmemory";
constexpr std::uint64_t kFormat = 1;

// The address after the last byte of a segment; segments never reach the very end.
std::uint64_t end_of(const std::pair<const std::uint64_t, Bytes>& segment) {
  return segment.first + segment.second.size();
}

}  // namespace

void MemoryImage::store(Address at, std::span<const std::byte> bytes) {
  const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - at.value;
  bytes = bytes.first(std::min<std::uint64_t>(bytes.size(), most));
  if (bytes.empty()) {
    return;
  }
  // The segment that ends at or behind `at`, or a new one.
  auto into = segments_.upper_bound(at.value);
  if (into != segments_.begin() && end_of(*std::prev(into)) >= at.value) {
    into = std::prev(into);
  } else {
    into = segments_.emplace_hint(into, at.value, Bytes());
  }
  const std::size_t offset = at.value - into->first;
  into->second.resize(std::max(into->second.size(), offset + bytes.size()));
  std::ranges::copy(bytes, into->second.begin() + static_cast<std::ptrdiff_t>(offset));
  // Takes in the segments that this one now touches.
  for (auto next = std::next(into); next != segments_.end() && next->first <= end_of(*into);
       next = segments_.erase(next)) {
    const std::uint64_t known = end_of(*into) - next->first;
    if (known < next->second.size()) {
      into->second.insert(into->second.end(),
                          next->second.begin() + static_cast<std::ptrdiff_t>(known),
                          next->second.end());
    }
  }
}

bool MemoryImage::load(Address from, std::span<std::byte> into) const {
  auto segment = segments_.upper_bound(from.value);
  if (segment == segments_.begin()) {
    return into.empty();
  }
  --segment;
  const std::uint64_t at = from.value - segment->first;
  if (at > segment->second.size() || into.size() > segment->second.size() - at) {
    return into.empty();
  }
  std::ranges::copy(std::span(segment->second).subspan(at, into.size()), into.begin());
  return true;
}

Bytes MemoryImage::encode() const {
  ByteWriter file;
  file.text(kMagic);
  file.varint(kFormat);
  file.varint(marks.size());
  for (const auto& [name, value] : marks) {
    file.varint(name.size());
    file.text(name);
    file.varint(value);
  }
  file.varint(segments_.size());
  std::uint64_t end = 0;
  for (const auto& [start, bytes] : segments_) {
    file.varint(start - end);
    file.varint(bytes.size());
    file.bytes(bytes);
    end = start + bytes.size();
  }
  return file.take();
}

std::optional<MemoryImage> MemoryImage::decode(std::span<const std::byte> file) {
  ByteReader reader(file);
  if (as_text(reader.bytes(kMagic.size())) != kMagic || reader.varint() != kFormat) {
    return std::nullopt;
  }
  MemoryImage image;
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    const std::string name(as_text(reader.bytes(reader.varint())));
    image.marks[name] = reader.varint();
  }
  std::uint64_t end = 0;
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    const std::uint64_t start = end + reader.varint();
    const auto bytes = reader.bytes(reader.varint());
    if (start < end || start > std::numeric_limits<std::uint64_t>::max() - bytes.size()) {
      return std::nullopt;
    }
    image.store({start}, bytes);
    end = start + bytes.size();
  }
  return reader.done() ? std::optional(std::move(image)) : std::nullopt;
}

Faulty<std::size_t> RecordedMemory::read_many(std::span<const ReadRequest> requests) {
  std::size_t whole = 0;
  for (const ReadRequest& request : requests.first(std::min(requests.size(), kMostRequests))) {
    if (!image.load(request.from, request.into)) {
      break;
    }
    ++whole;
  }
  return whole;
}

Faulty<std::size_t> RecordingMemory::read_many(std::span<const ReadRequest> requests) {
  const Faulty<std::size_t> whole = source_.read_many(requests);
  for (const ReadRequest& request : requests.first(whole.value_or(0))) {
    image.store(request.from, request.into);
  }
  return whole;
}

}  // namespace lancehead::target
