// How the cells of a column become bytes and come back. Used by the generated tables only.
//
// A cell is first made a 64-bit number (an id is its row + 1, so that none is 0), divided by the
// column's scale, and then written as a varint, as it is or less a prediction (Encoding). All
// differences wrap around, so that every value survives. Reading refuses numbers that the column's
// type cannot hold; the whole chunk is then damaged.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "base/bytes.h"
#include "base/columns.h"
#include "base/ids.h"

namespace lancehead {

enum class Encoding : std::uint8_t {
  plain,        // the value
  delta,        // less the row before
  minus_delta,  // less the difference of another column from its row before
  minus,        // less another column of the same row
};

// One past the highest enumerator of an enumeration; specialised by the generated tables.
template <typename Enum>
inline constexpr std::uint64_t kEnumLimit = 0;

namespace codec {

template <typename T>
concept FlagSet = requires(T value) {
  { T::kAll } -> std::convertible_to<std::uint32_t>;
  { value.bits() } -> std::same_as<std::uint32_t>;
};

template <typename T>
inline constexpr bool kIsSigned = std::is_integral_v<T> && std::is_signed_v<T>;

// Halves go away from zero. The result of the largest values stays in range, as scale > 1.
template <std::int64_t kScale>
constexpr std::int64_t divide_to_nearest(std::int64_t value) {
  if constexpr (kScale == 1) {
    return value;
  } else {
    const std::int64_t quotient = value / kScale;
    const std::int64_t rest = value % kScale;
    const std::int64_t half = kScale / 2;
    return quotient + (rest >= half ? 1 : 0) - (rest <= -half ? 1 : 0);
  }
}

template <std::int64_t kScale, std::integral T>
constexpr std::uint64_t to_number(T value) {
  static_assert(kScale == 1 || kIsSigned<T>);
  if constexpr (kIsSigned<T>) {
    return static_cast<std::uint64_t>(divide_to_nearest<kScale>(value));
  } else {
    return value;
  }
}

template <std::int64_t kScale, typename Table>
constexpr std::uint64_t to_number(Id<Table> id) {
  return static_cast<std::uint32_t>(id.value + 1U);
}

template <std::int64_t kScale, typename T>
  requires(std::is_enum_v<T>)
constexpr std::uint64_t to_number(T value) {
  return static_cast<std::uint64_t>(value);
}

template <std::int64_t kScale, FlagSet T>
constexpr std::uint64_t to_number(T value) {
  return value.bits();
}

// Each of these is false when the number is outside of what the type can hold.
template <std::int64_t kScale, std::integral T>
constexpr bool from_number(std::uint64_t number, T& value) {
  if constexpr (kIsSigned<T>) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(static_cast<std::int64_t>(number), kScale, &scaled) ||
        scaled < std::numeric_limits<T>::min() || scaled > std::numeric_limits<T>::max()) {
      return false;
    }
    value = static_cast<T>(scaled);
    return true;
  } else {
    value = static_cast<T>(number);
    return number <= std::numeric_limits<T>::max();
  }
}

template <std::int64_t kScale, typename Table>
constexpr bool from_number(std::uint64_t number, Id<Table>& id) {
  id.value = static_cast<std::uint32_t>(number) - 1U;
  return number <= std::numeric_limits<std::uint32_t>::max();
}

template <std::int64_t kScale, typename T>
  requires(std::is_enum_v<T>)
constexpr bool from_number(std::uint64_t number, T& value) {
  value = static_cast<T>(number);
  return number < kEnumLimit<T>;
}

template <std::int64_t kScale, FlagSet T>
constexpr bool from_number(std::uint64_t number, T& value) {
  value = T::from_bits(static_cast<std::uint32_t>(number));
  return number <= T::kAll;
}

// What the encoding subtracts from the number of `row`. `previous` is the number of the row before
// in the same chunk, 0 for the first; the difference of `other` is 0 there.
template <Encoding kEncoding, std::int64_t kScale, typename Other>
std::uint64_t prediction(std::uint64_t previous, const std::vector<Other>& other, std::size_t row,
                         std::size_t first) {
  if constexpr (kEncoding == Encoding::delta) {
    return previous;
  } else if constexpr (kEncoding == Encoding::minus_delta) {
    return row == first ? 0 : to_number<kScale>(other[row]) - to_number<kScale>(other[row - 1]);
  } else {
    return to_number<kScale>(other[row]);
  }
}

}  // namespace codec

// Appends rows [first, last) of `column`. `other` is the column that the encoding refers to; both
// have the same scale.
template <Encoding kEncoding, std::int64_t kScale, typename T, typename Other>
void put_column(ByteWriter& out, const std::vector<T>& column, std::size_t first, std::size_t last,
                const std::vector<Other>& other) {
  std::uint64_t previous = 0;
  for (std::size_t row = first; row < last; ++row) {
    const std::uint64_t number = codec::to_number<kScale>(column[row]);
    if constexpr (kEncoding == Encoding::plain) {
      out.varint(codec::kIsSigned<T> ? zigzag_encode(static_cast<std::int64_t>(number)) : number);
    } else {
      const auto predicted = codec::prediction<kEncoding, kScale>(previous, other, row, first);
      out.zigzag(static_cast<std::int64_t>(number - predicted));
      previous = number;
    }
  }
}

// Appends `rows` cells to `column`; false when the bytes are not such cells.
template <Encoding kEncoding, std::int64_t kScale, typename T, typename Other>
[[nodiscard]] bool take_column(ByteReader& in, std::vector<T>& column, std::size_t rows,
                               const std::vector<Other>& other) {
  const std::size_t first = column.size();
  std::uint64_t previous = 0;
  for (std::size_t row = first; row < first + rows; ++row) {
    std::uint64_t number = in.varint();
    if constexpr (kEncoding == Encoding::plain) {
      number = codec::kIsSigned<T> ? static_cast<std::uint64_t>(zigzag_decode(number)) : number;
    } else {
      number = static_cast<std::uint64_t>(zigzag_decode(number)) +
               codec::prediction<kEncoding, kScale>(previous, other, row, first);
      previous = number;
    }
    T value{};
    if (!in.ok() || !codec::from_number<kScale>(number, value)) {
      return false;
    }
    column.push_back(value);
  }
  return true;
}

// Byte strings and lists: all lengths first, then all contents.
void put_column(ByteWriter& out, const BlobColumn& column, std::size_t first, std::size_t last);
[[nodiscard]] bool take_column(ByteReader& in, BlobColumn& column, std::size_t rows);

// The lengths of `rows` cells; false when they add up to more than the bytes that are left.
[[nodiscard]] bool take_lengths(ByteReader& in, std::size_t rows,
                                std::vector<std::size_t>& lengths);

template <typename T>
void put_column(ByteWriter& out, const ListColumn<T>& column, std::size_t first, std::size_t last) {
  for (std::size_t row = first; row < last; ++row) {
    out.varint(column[row].size());
  }
  for (std::size_t row = first; row < last; ++row) {
    for (const T item : column[row]) {
      out.varint(codec::to_number<1>(item));
    }
  }
}

template <typename T>
[[nodiscard]] bool take_column(ByteReader& in, ListColumn<T>& column, std::size_t rows) {
  std::vector<std::size_t> lengths;
  if (!take_lengths(in, rows, lengths)) {
    return false;
  }
  std::vector<T> items;
  for (const std::size_t length : lengths) {
    items.clear();
    for (std::size_t i = 0; i < length; ++i) {
      T item{};
      if (!codec::from_number<1>(in.varint(), item) || !in.ok()) {
        return false;
      }
      items.push_back(item);
    }
    column.push_back(items);
  }
  return true;
}

template <typename T>
void truncate_column(std::vector<T>& column, std::size_t rows) {
  column.resize(rows);
}
inline void truncate_column(BlobColumn& column, std::size_t rows) {
  column.truncate(rows);
}
template <typename T>
void truncate_column(ListColumn<T>& column, std::size_t rows) {
  column.truncate(rows);
}

}  // namespace lancehead
