// Typed 32-bit handles. A handle is the row number of its table; one sentinel means none.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace lancehead {

// `Table` is a tag type, one for each table, so that a StackId cannot be used where a FrameId is
// wanted. The numeric value is the row in the table.
template <typename Table>
struct Id {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::uint32_t value = kNone;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t row) : value(static_cast<std::uint32_t>(row)) {}

  [[nodiscard]] constexpr bool is_none() const { return value == kNone; }
  [[nodiscard]] constexpr explicit operator bool() const { return !is_none(); }
  [[nodiscard]] constexpr std::size_t row() const { return value; }

  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace lancehead

template <typename Table>
struct std::hash<lancehead::Id<Table>> {
  std::size_t operator()(lancehead::Id<Table> id) const noexcept {
    return std::hash<std::uint32_t>{}(id.value);
  }
};
