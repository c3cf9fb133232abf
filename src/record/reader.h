// Reads a recording, whole, cut or damaged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schema/tables.h"

namespace lancehead::record {

enum class DamageKind : std::uint8_t {
  cut,    // the file ends inside a chunk
  bytes,  // bytes that are no chunk were skipped
  chunk,  // a chunk was refused
  rows,   // rows are missing; empty rows stand in for those that others follow
  ids,    // ids referred to rows that are not there, and became none
};

struct Damage {
  DamageKind kind;
  std::string what;  // a sentence
};

struct Recording {
  schema::Tables tables;  // every id is none or a row that is there
  std::vector<Damage> damage;
  bool complete = false;  // the recorder came to its end, nothing was cut off
  std::uint32_t version = 0;
};

// Reads all that can be read. Fails only when the file cannot be opened (io), or is not a recording
// or a newer one (bad_recording).
[[nodiscard]] Result<Recording> read(const std::filesystem::path& path);

// The same from memory; `name` is for messages.
[[nodiscard]] Result<Recording> read_bytes(std::span<const std::byte> file, std::string_view name);

}  // namespace lancehead::record
