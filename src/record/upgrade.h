// Rewrites chunks of older format versions as the current one would have them; what changed when is
// in docs/format-changelog.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"

namespace lancehead::record {

// Whether a chunk of this table, written by this older version, is not what it would be today.
[[nodiscard]] bool needs_upgrade(std::uint8_t table, std::uint32_t version);

// The bytes of the chunk before compression, as the current version has them; none where they are
// not what that version wrote. Only for chunks that need it.
[[nodiscard]] std::optional<Bytes> upgrade_chunk(std::span<const std::byte> raw, std::size_t rows);

}  // namespace lancehead::record
