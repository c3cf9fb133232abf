// The memory of a process, wherever it comes from: a live process, a recorded image, a core file.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "base/fault.h"

namespace lancehead::target {

// An address in the target; never one of ours.
struct Address {
  std::uint64_t value = 0;

  [[nodiscard]] constexpr bool is_null() const { return value == 0; }
  constexpr auto operator<=>(const Address&) const = default;
};

// Wraps round at 2^64 as the hardware does: what is read from a target can be anything.
constexpr Address operator+(Address base, std::uint64_t bytes) {
  return {base.value + bytes};
}
constexpr std::uint64_t operator-(Address to, Address from) {
  return to.value - from.value;
}

struct ReadRequest {
  Address from;
  std::span<std::byte> into;
};

class Memory {
 public:
  // Requests that one call of read_many may hold (IOV_MAX of Linux).
  static constexpr std::size_t kMostRequests = 1024;

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;

  // Reads the requests one after the other, in their order, in one call of the kernel where the
  // source is a live process. Stops at the first byte that cannot be read; returns how many
  // requests were read whole. A fault is returned only where nothing could be tried.
  [[nodiscard]] virtual Faulty<std::size_t> read_many(std::span<const ReadRequest> requests) = 0;

  // Reads exactly `into.size()` bytes.
  [[nodiscard]] Faulty<void> read(Address from, std::span<std::byte> into) {
    const ReadRequest request{from, into};
    const Faulty<std::size_t> read = read_many({&request, 1});
    if (!read) {
      return std::unexpected(read.error());
    }
    if (*read != 1) {
      return std::unexpected(Fault::unmapped);
    }
    return {};
  }

  template <typename T>
    requires std::is_trivially_copyable_v<T>
  [[nodiscard]] Faulty<T> read_value(Address from) {
    T value{};
    const Faulty<void> read_all = read(from, std::as_writable_bytes(std::span(&value, 1)));
    if (!read_all) {
      return std::unexpected(read_all.error());
    }
    return value;
  }

  [[nodiscard]] Faulty<Address> read_pointer(Address from) { return read_value<Address>(from); }
};

}  // namespace lancehead::target
