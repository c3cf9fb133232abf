// Several places of a target's memory, read in one call of the kernel, in a chosen order.
//
// A batch is laid out once and read many times: the sampler's predictions of where the next stack
// will stand change rarely. Its buffers are kept, so that a look allocates nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "base/fault.h"
#include "target/memory.h"

namespace lancehead::target {

class ReadBatch {
 public:
  // Names a place of the batch; good until clear().
  enum class Slot : std::uint32_t { none = 0xFFFFFFFF };

  void clear() {
    places_.clear();
    size_ = 0;
    whole_ = 0;
  }

  [[nodiscard]] bool empty() const { return places_.empty(); }
  [[nodiscard]] std::size_t places() const { return places_.size(); }

  // Appends a place to read; places are read in the order in which they were added.
  Slot add(Address from, std::size_t bytes);

  // Reads all places. Returns a fault only where nothing could be tried; places that could not be
  // read, and all behind them, are not `is_read`.
  [[nodiscard]] Faulty<void> read(Memory& memory);

  // The same, and the places of `rider` behind them in the same call of the kernel, where they fit.
  [[nodiscard]] Faulty<void> read(Memory& memory, ReadBatch& rider);

  [[nodiscard]] bool is_read(Slot slot) const { return static_cast<std::size_t>(slot) < whole_; }
  [[nodiscard]] bool all_read() const { return whole_ == places_.size(); }

  [[nodiscard]] Address address(Slot slot) const { return places_[index(slot)].from; }

  [[nodiscard]] std::span<const std::byte> bytes(Slot slot) const {
    const Place& place = places_[index(slot)];
    return {buffer_.data() + place.at, place.size};
  }

  // The value at `offset` of the place; zero where the place is too short.
  template <typename T>
    requires std::is_trivially_copyable_v<T>
  [[nodiscard]] T value(Slot slot, std::size_t offset) const {
    T value{};
    const std::span<const std::byte> from = bytes(slot);
    if (offset + sizeof(T) <= from.size()) {
      std::memcpy(&value, from.data() + offset, sizeof(T));
    }
    return value;
  }

 private:
  struct Place {
    Address from;
    std::size_t at;
    std::size_t size;
  };

  // Lays out the requests if the places have changed; nothing is read afterwards.
  void prepare();
  void note_read(std::size_t places) { whole_ = std::min(places, places_.size()); }

  static std::size_t index(Slot slot) { return static_cast<std::size_t>(slot); }

  std::vector<Place> places_;
  std::vector<std::byte> buffer_;
  std::vector<ReadRequest> requests_;
  std::vector<ReadRequest> together_;  // with those of a rider
  std::size_t size_ = 0;
  std::size_t whole_ = 0;
};

}  // namespace lancehead::target
