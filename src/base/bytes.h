// Writing and reading bytes: fixed-width little-endian numbers and LEB128 varints.
//
// The reader treats its input as hostile: it never reads past the end, and after the first
// failure it yields zeros and says so in ok().
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace lancehead {

using Bytes = std::vector<std::byte>;

// Maps small magnitudes of either sign to small unsigned numbers: 0, -1, 1, -2, ... to 0, 1, 2, 3.
[[nodiscard]] constexpr std::uint64_t zigzag_encode(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

[[nodiscard]] constexpr std::int64_t zigzag_decode(std::uint64_t coded) {
  return static_cast<std::int64_t>((coded >> 1U) ^ (~(coded & 1U) + 1U));
}

[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline std::span<const std::byte> as_byte_span(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class ByteWriter {
 public:
  void varint(std::uint64_t value);
  void zigzag(std::int64_t value) { varint(zigzag_encode(value)); }
  void bytes(std::span<const std::byte> data) {
    buffer_.insert(buffer_.end(), data.begin(), data.end());
  }
  void text(std::string_view data) { bytes(as_byte_span(data)); }

  // A number of fixed width, least significant byte first.
  template <std::unsigned_integral T>
  void little(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      buffer_.push_back(static_cast<std::byte>((std::uint64_t{value} >> (8 * i)) & 0xFFU));
    }
  }

  [[nodiscard]] std::size_t size() const { return buffer_.size(); }
  [[nodiscard]] const Bytes& data() const { return buffer_; }
  [[nodiscard]] Bytes take() { return std::exchange(buffer_, {}); }
  void reserve(std::size_t size) { buffer_.reserve(size); }

 private:
  Bytes buffer_;
};

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> data) : rest_(data) {}

  // False from the first read on that found too few bytes, or a varint beyond 64 bits.
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  // Everything was read, and all of it well-formed.
  [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

  std::uint64_t varint();
  std::int64_t zigzag() { return zigzag_decode(varint()); }
  // Empty when fewer than `count` bytes are left.
  std::span<const std::byte> bytes(std::uint64_t count);

  template <std::unsigned_integral T>
  T little() {
    const auto data = bytes(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
      value |= std::to_integer<std::uint64_t>(data[i]) << (8 * i);
    }
    return static_cast<T>(value);
  }

 private:
  std::uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::span<const std::byte> rest_;
  bool ok_ = true;
};

}  // namespace lancehead
