#include "code/line_table_shift.h"

#include <algorithm>

namespace lancehead::code {
namespace {

using Table = std::vector<std::uint8_t>;
using Moved = std::function<std::uint32_t(std::uint32_t)>;

constexpr std::uint8_t kMostBytes = 254;  // of one entry, in whole units

// Pairs of unsigned address and signed line differences. Only a line difference begins a range.
Table shift_lnotab(std::span<const std::uint8_t> table, std::uint32_t code_size,
                   const Moved& moved) {
  Table shifted;
  std::uint32_t at = 0;       // in the old code
  std::uint32_t written = 0;  // in the new code
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    at = std::min(at + table[i], code_size);
    std::uint32_t distance = moved(at) - written;
    written = moved(at);
    for (; distance > UINT8_MAX; distance -= UINT8_MAX) {
      shifted.insert(shifted.end(), {UINT8_MAX, 0});
    }
    shifted.insert(shifted.end(), {static_cast<std::uint8_t>(distance), table[i + 1]});
  }
  return shifted;
}

constexpr std::uint8_t kWithoutLine = 0x80;  // -128

// Pairs of length and signed line difference from the pair before.
void put_pair(Table& shifted, std::uint32_t length, std::uint8_t line) {
  const std::uint8_t again = line == kWithoutLine ? kWithoutLine : 0;
  for (; length > kMostBytes; length -= kMostBytes) {
    shifted.insert(shifted.end(), {kMostBytes, line});
    line = again;
  }
  shifted.insert(shifted.end(), {static_cast<std::uint8_t>(length), line});
}

Table shift_linetable(std::span<const std::uint8_t> table, std::uint32_t code_size,
                      const Moved& moved, std::uint32_t tail) {
  Table shifted;
  std::uint32_t at = 0;
  for (std::size_t i = 0; i + 1 < table.size(); i += 2) {
    const std::uint32_t begin = moved(at);
    at = std::min(at + table[i], code_size);
    put_pair(shifted, moved(at) - begin, table[i + 1]);
  }
  if (tail > 0) {
    put_pair(shifted, tail, kWithoutLine);
  }
  return shifted;
}

// Entries of 1 to 8 units: a byte 1kkkkLLL and what belongs to the kind.
class Locations {
 public:
  explicit Locations(std::span<const std::uint8_t> table) : table_(table) {}

  [[nodiscard]] bool at_end() const { return at_ >= table_.size(); }

  struct Entry {
    unsigned kind = 0;
    std::uint32_t units = 0;
    std::span<const std::uint8_t> rest;
  };

  // Entries begin with the only bytes whose highest bit is set.
  Entry next() {
    const std::uint8_t first = table_[at_++];
    const std::size_t begin = at_;
    while (at_ < table_.size() && table_[at_] < 0x80) {
      ++at_;
    }
    return {.kind = (first >> 3U) & 15U,
            .units = (first & 7U) + 1,
            .rest = table_.subspan(begin, at_ - begin)};
  }

 private:
  std::span<const std::uint8_t> table_;
  std::size_t at_ = 0;
};

constexpr unsigned kFirstOneLine = 10;
constexpr unsigned kLastOneLine = 12;
constexpr unsigned kWithoutColumns = 13;
constexpr unsigned kLong = 14;
constexpr unsigned kNoLocation = 15;

// Behind an entry, the same place once more: the line difference becomes 0.
Table same_place(const Locations::Entry& entry, unsigned& kind) {
  Table rest(entry.rest.begin(), entry.rest.end());
  kind = entry.kind;
  if (kind >= kFirstOneLine && kind <= kLastOneLine) {
    kind = kFirstOneLine;
  } else if (kind == kWithoutColumns || kind == kLong) {
    const auto end =
        std::ranges::find_if(rest, [](std::uint8_t byte) { return (byte & 64U) == 0; });
    if (end != rest.end()) {
      rest.erase(rest.begin(), end);
      rest.front() = 0;
    }
  }
  return rest;
}

void put_location(Table& shifted, unsigned kind, std::uint32_t units,
                  std::span<const std::uint8_t> rest) {
  shifted.push_back(static_cast<std::uint8_t>(0x80U | kind << 3U | (units - 1)));
  shifted.insert(shifted.end(), rest.begin(), rest.end());
}

constexpr std::uint32_t kMostUnits = 8;

Table shift_locations(std::span<const std::uint8_t> table, std::uint32_t code_size,
                      const Moved& moved, std::uint32_t tail) {
  Table shifted;
  Locations locations(table);
  std::uint32_t at = 0;
  while (!locations.at_end()) {
    const Locations::Entry entry = locations.next();
    const std::uint32_t begin = moved(at);
    at = std::min(at + 2 * entry.units, code_size);
    std::uint32_t units = (moved(at) - begin) / 2;
    if (units == 0) {
      continue;
    }
    put_location(shifted, entry.kind, std::min(units, kMostUnits), entry.rest);
    unsigned kind = 0;
    const Table again = same_place(entry, kind);
    while (units > kMostUnits) {
      units -= kMostUnits;
      put_location(shifted, kind, std::min(units, kMostUnits), again);
    }
  }
  for (std::uint32_t units = tail / 2; units > 0; units -= std::min(units, kMostUnits)) {
    put_location(shifted, kNoLocation, std::min(units, kMostUnits), {});
  }
  return shifted;
}

}  // namespace

std::vector<std::uint8_t> shift_line_table(LineTableFormat format,
                                           std::span<const std::uint8_t> table,
                                           std::uint32_t code_size, const Moved& moved,
                                           std::uint32_t tail) {
  switch (format) {
    case LineTableFormat::lnotab: return shift_lnotab(table, code_size, moved);
    case LineTableFormat::linetable: return shift_linetable(table, code_size, moved, tail);
    case LineTableFormat::locations: return shift_locations(table, code_size, moved, tail);
  }
  return {};
}

}  // namespace lancehead::code
