#include "base/bytes.h"

namespace lancehead {

void ByteWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    buffer_.push_back(static_cast<std::byte>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  buffer_.push_back(static_cast<std::byte>(value));
}

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) {
      return fail();
    }
    const auto byte = std::to_integer<std::uint64_t>(rest_.front());
    rest_ = rest_.subspan(1);
    if (shift == 63 && byte > 1) {
      return fail();
    }
    value |= (byte & 0x7FU) << shift;
    if (byte < 0x80) {
      return value;
    }
  }
  return fail();
}

std::span<const std::byte> ByteReader::bytes(std::uint64_t count) {
  if (count > rest_.size()) {
    fail();
    return {};
  }
  const auto data = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(static_cast<std::size_t>(count));
  return data;
}

}  // namespace lancehead
