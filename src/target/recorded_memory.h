// Parts of a process's memory kept in a file, so that what reads processes can be tested without
// one: the reads of a live process are noted, and answered from the file ever after.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "target/memory.h"

namespace lancehead::target {

// Bytes by address, with holes, and a few named numbers that say what stands where.
//
// The file, all numbers as varints: the eight bytes "lhmemory", the format (1), the count of marks,
// each with the length of its name, name and value; the count of segments, each with the distance
// from the end of the one before, its length and its bytes.
class MemoryImage {
 public:
  std::map<std::string, std::uint64_t> marks;

  // Later bytes replace earlier ones. Bytes beyond the end of the address space are left out.
  void store(Address at, std::span<const std::byte> bytes);

  template <typename T>
    requires std::is_trivially_copyable_v<T>
  void store_value(Address at, const T& value) {
    store(at, std::as_bytes(std::span(&value, 1)));
  }

  // Whether all of the bytes are there; only then `into` is written.
  [[nodiscard]] bool load(Address from, std::span<std::byte> into) const;

  // Disjoint, with a hole after each, by their first address.
  [[nodiscard]] const std::map<std::uint64_t, Bytes>& segments() const { return segments_; }

  [[nodiscard]] Bytes encode() const;

  // Nothing where the bytes are no such file, or segments overlap.
  [[nodiscard]] static std::optional<MemoryImage> decode(std::span<const std::byte> file);

 private:
  std::map<std::uint64_t, Bytes> segments_;
};

// Answers reads from an image.
class RecordedMemory final : public Memory {
 public:
  explicit RecordedMemory(MemoryImage of) : image(std::move(of)) {}

  [[nodiscard]] Faulty<std::size_t> read_many(std::span<const ReadRequest> requests) override;

  MemoryImage image;
};

// Passes reads on to another memory and keeps what they gave.
class RecordingMemory final : public Memory {
 public:
  explicit RecordingMemory(Memory& source) : source_(source) {}

  [[nodiscard]] Faulty<std::size_t> read_many(std::span<const ReadRequest> requests) override;

  MemoryImage image;

 private:
  Memory& source_;
};

}  // namespace lancehead::target
