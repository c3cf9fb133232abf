// Hashes of bytes: XXH3, 64 bits against accidents, 128 bits as the identity of contents.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct XXH3_state_s;

namespace lancehead {

// 16 bytes, most significant first; equal on every machine.
struct ContentHash {
  std::array<std::byte, 16> bytes{};

  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  constexpr bool operator==(const ContentHash&) const = default;
};

// Hashes bytes that come in parts. Parts run together: whoever hashes fields writes their lengths.
class Hasher {
 public:
  Hasher();
  void update(std::span<const std::byte> data);
  void update(std::string_view text) { update(std::as_bytes(std::span(text.data(), text.size()))); }

  [[nodiscard]] std::uint64_t checksum() const;
  [[nodiscard]] ContentHash content_hash() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, Free> state_;
};

[[nodiscard]] std::uint64_t checksum(std::span<const std::byte> data);
[[nodiscard]] ContentHash content_hash(std::span<const std::byte> data);

}  // namespace lancehead
