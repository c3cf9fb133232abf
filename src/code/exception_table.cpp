#include "code/exception_table.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kUnit = 2;
constexpr std::uint8_t kStartsEntry = 0x80;
constexpr std::uint8_t kContinues = 0x40;
constexpr std::uint8_t kBits = 0x3F;
constexpr unsigned kBitCount = 6;
constexpr std::uint32_t kMost = 1U << 30U;

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> table) : table_(table) {}

  [[nodiscard]] bool at_end() const { return at_ == table_.size(); }

  // Most significant bits first.
  std::optional<std::uint32_t> number() {
    std::uint32_t value = 0;
    while (at_ < table_.size() && value < kMost >> kBitCount) {
      const std::uint8_t byte = table_[at_++];
      value = value << kBitCount | (byte & kBits);
      if ((byte & kContinues) == 0) {
        return value;
      }
    }
    return std::nullopt;
  }

 private:
  std::span<const std::uint8_t> table_;
  std::size_t at_ = 0;
};

void put(std::vector<std::uint8_t>& table, std::uint32_t value, std::uint8_t mark) {
  unsigned shift = 0;
  while (value >> shift > kBits) {
    shift += kBitCount;
  }
  for (;; shift -= kBitCount) {
    const auto bits = static_cast<std::uint8_t>((value >> shift) & kBits);
    table.push_back(static_cast<std::uint8_t>(bits | mark | (shift > 0 ? kContinues : 0U)));
    mark = 0;
    if (shift == 0) {
      return;
    }
  }
}

}  // namespace

std::optional<std::vector<Guard>> decode_exception_table(std::span<const std::uint8_t> table) {
  std::vector<Guard> guards;
  Reader reader(table);
  while (!reader.at_end()) {
    const auto begin = reader.number();
    const auto size = reader.number();
    const auto target = reader.number();
    const auto depth = reader.number();
    if (!begin || !size || !target || !depth) {
      return std::nullopt;
    }
    const Guard guard{.begin = *begin * kUnit,
                      .end = (*begin + *size) * kUnit,
                      .target = *target * kUnit,
                      .depth = *depth >> 1U,
                      .keeps_offset = (*depth & 1U) != 0};
    if (!guards.empty() && guard.begin < guards.back().end) {
      return std::nullopt;
    }
    guards.push_back(guard);
  }
  return guards;
}

std::vector<std::uint8_t> encode_exception_table(std::span<const Guard> guards) {
  std::vector<std::uint8_t> table;
  for (const Guard& guard : guards) {
    put(table, guard.begin / kUnit, kStartsEntry);
    put(table, (guard.end - guard.begin) / kUnit, 0);
    put(table, guard.target / kUnit, 0);
    put(table, guard.depth << 1U | (guard.keeps_offset ? 1U : 0U), 0);
  }
  return table;
}

}  // namespace lancehead::code
