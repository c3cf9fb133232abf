#include "record/upgrade.h"

#include <algorithm>
#include <vector>

#include "schema/tables.h"

namespace lancehead::record {
namespace {

// The largest weight or CPU time that a sample of version 1 could have, in microseconds: some
// thousand years. It keeps the arithmetic below in range.
constexpr std::int64_t kMostMicroseconds = std::int64_t{1} << 55U;

// Both times of a sample of version 1 are in microseconds.
std::uint32_t share_of(std::int64_t cpu, std::int64_t weight) {
  if (weight <= 0 || cpu <= 0) {
    return 0;
  }
  constexpr double kMillion = 1e6;
  constexpr double kMost = 4e9;
  return static_cast<std::uint32_t>(
      std::min(kMillion * static_cast<double>(cpu) / static_cast<double>(weight), kMost));
}

bool is_plausible(std::int64_t microseconds) {
  return microseconds > -kMostMicroseconds && microseconds < kMostMicroseconds;
}

}  // namespace

bool needs_upgrade(std::uint8_t table, std::uint32_t version) {
  return version == 1 && table == schema::SampleTable::kNumber;
}

// Version 1 kept the column `cpu` (in microseconds, as the difference from the row before) where
// there is `cpu_share` today. The columns before it are time, context, stack and weight.
std::optional<Bytes> upgrade_chunk(std::span<const std::byte> raw, std::size_t rows) {
  if (rows > raw.size()) {
    return std::nullopt;
  }
  ByteReader in(raw);
  std::vector<std::int64_t> steps(rows);  // of time from row to row
  for (std::int64_t& step : steps) {
    step = in.zigzag();
  }
  for (std::size_t skipped = 0; skipped < 2 * rows; ++skipped) {
    in.varint();
  }
  std::vector<std::int64_t> weights(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t beyond_step = in.zigzag();
    // The difference from the row before was taken as 0 for the first row.
    const std::int64_t step = row == 0 ? 0 : steps[row];
    if (!is_plausible(beyond_step) || !is_plausible(step)) {
      return std::nullopt;
    }
    weights[row] = beyond_step + step;
  }
  ByteWriter out;
  out.bytes(raw.first(raw.size() - in.remaining()));
  std::int64_t cpu = 0;
  std::uint32_t last_share = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t change = in.zigzag();
    if (!is_plausible(change) || !is_plausible(cpu + change)) {
      return std::nullopt;
    }
    cpu += change;
    const std::uint32_t share = share_of(cpu, weights[row]);
    out.zigzag(static_cast<std::int64_t>(share) - static_cast<std::int64_t>(last_share));
    last_share = share;
  }
  if (!in.ok()) {
    return std::nullopt;
  }
  out.bytes(in.bytes(in.remaining()));
  return out.take();
}

}  // namespace lancehead::record
