#include "code/exception_table.h"

#include <array>
#include <cstddef>
#include <limits>

namespace lancehead::code {
namespace {

constexpr std::uint32_t kUnit = 2;
constexpr std::uint64_t kMostUnits = std::numeric_limits<std::uint32_t>::max() / (2 * kUnit);

// Six bits a byte, the highest first; bit 6 says that another byte follows.
bool read_number(std::span<const std::uint8_t> table, std::size_t& at, std::uint32_t& number) {
  std::uint64_t value = 0;
  while (at < table.size()) {
    const std::uint8_t byte = table[at++];
    value = value << 6U | (byte & 63U);
    if (value > kMostUnits) {
      return false;
    }
    if ((byte & 64U) == 0) {
      number = static_cast<std::uint32_t>(value);
      return true;
    }
  }
  return false;
}

void write_number(std::vector<std::uint8_t>& table, std::uint32_t value, std::uint8_t mark) {
  constexpr unsigned kBits = 6;
  constexpr std::uint8_t kContinues = 64;
  unsigned shift = 0;
  while (value >> shift > 63U) {
    shift += kBits;
  }
  for (;; shift -= kBits) {
    const auto bits = static_cast<std::uint8_t>((value >> shift) & 63U);
    table.push_back(static_cast<std::uint8_t>(bits | mark | (shift > 0 ? kContinues : 0U)));
    mark = 0;
    if (shift == 0) {
      return;
    }
  }
}

}  // namespace

std::vector<std::uint8_t> encode_exception_table(std::span<const ExceptionEntry> entries) {
  constexpr std::uint8_t kBeginsEntry = 0x80;
  std::vector<std::uint8_t> table;
  for (const ExceptionEntry& entry : entries) {
    write_number(table, entry.begin / kUnit, kBeginsEntry);
    write_number(table, (entry.end - entry.begin) / kUnit, 0);
    write_number(table, entry.target / kUnit, 0);
    write_number(table, entry.depth << 1U | (entry.pushes_offset ? 1U : 0U), 0);
  }
  return table;
}

std::vector<ExceptionEntry> decode_exception_table(std::span<const std::uint8_t> table) {
  std::vector<ExceptionEntry> entries;
  for (std::size_t at = 0; at < table.size();) {
    std::array<std::uint32_t, 4> numbers{};
    for (std::uint32_t& number : numbers) {
      if (!read_number(table, at, number)) {
        return entries;
      }
    }
    const auto [begin, length, target, rest] = numbers;
    entries.push_back({.begin = begin * kUnit,
                       .end = (begin + length) * kUnit,
                       .target = target * kUnit,
                       .depth = rest >> 1U,
                       .pushes_offset = (rest & 1U) != 0});
  }
  return entries;
}

}  // namespace lancehead::code
