#include "python/dict_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "python/object_reader.h"
#include "target/read_batch.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::size_t kPointer = sizeof(std::uint64_t);
constexpr std::uint64_t kMostIndexSlots = 1ULL << 32U;

// What of a dict says which tables it uses.
struct DictHead {
  Address keys;
  Address values;

  bool operator==(const DictHead&) const = default;
};

Faulty<DictHead> read_head(target::Memory& memory, const Layout& layout, Address dict) {
  if (dict.is_null()) {
    return std::unexpected(Fault::implausible);
  }
  const auto keys = memory.read_pointer(dict + layout.dict.keys.bytes);
  const auto values = memory.read_pointer(dict + layout.dict.values.bytes);
  if (!keys || !values) {
    return std::unexpected(Fault::unmapped);
  }
  return DictHead{.keys = *keys, .values = *values};
}

template <typename T>
T load(std::span<const std::byte> from, Offset field) {
  T value{};
  if (field.present() && field.bytes + sizeof(T) <= from.size()) {
    std::memcpy(&value, from.data() + field.bytes, sizeof(T));
  }
  return value;
}

// The size of the index in bytes; 0 where the head is not one that CPython writes.
// Source: Objects/dictobject.c, DK_IXSIZE and DK_ENTRIES.
std::uint64_t index_bytes(std::span<const std::byte> head, const DictKeysLayout& at) {
  if (at.log2_size.present()) {
    const auto log2_size = load<std::uint8_t>(head, at.log2_size);
    const auto log2_bytes = load<std::uint8_t>(head, at.log2_index_bytes);
    const bool plausible = log2_bytes >= log2_size && log2_bytes <= log2_size + 3 &&
                           std::uint64_t{1} << std::min<unsigned>(log2_bytes, 63) < kMostIndexSlots;
    return plausible && log2_bytes < 40 ? std::uint64_t{1} << log2_bytes : 0;
  }
  const auto slots = load<std::uint64_t>(head, at.size);
  if (!std::has_single_bit(slots) || slots > kMostIndexSlots) {
    return 0;
  }
  if (slots <= 0xFF) {
    return slots;
  }
  return slots <= 0xFFFF ? slots * 2 : slots * 4;
}

}  // namespace

std::size_t DictReader::Table::entry_size() const {
  return (has_hashes ? 3 : 2) * kPointer;
}

Faulty<DictReader::Table> DictReader::read_table(Address keys, std::size_t most_entries) {
  const DictKeysLayout& at = layout_.dict_keys;
  std::array<std::byte, 64> buffer{};
  if (keys.is_null() || !at.indices.present() || at.indices.bytes > buffer.size()) {
    return std::unexpected(Fault::implausible);
  }
  const auto head = std::span(buffer).first(at.indices.bytes);
  if (const auto read = memory_.read(keys, head); !read) {
    return std::unexpected(read.error());
  }
  const std::uint64_t index = index_bytes(head, at);
  const auto count = load<std::uint64_t>(head, at.entry_count);
  if (index == 0) {
    return std::unexpected(Fault::implausible);
  }
  if (count > most_entries) {
    return std::unexpected(Fault::too_large);
  }
  constexpr std::uint8_t kGeneralKeys = 0;
  const bool general = !at.kind.present() || load<std::uint8_t>(head, at.kind) == kGeneralKeys;
  return Table{.entries = keys + at.indices.bytes + index,
               .count = static_cast<std::size_t>(count),
               .has_hashes = general};
}

Faulty<std::vector<DictEntry>> DictReader::read_table_entries(const Table& table) {
  const std::size_t words = table.entry_size() / kPointer;
  std::vector<std::uint64_t> raw(table.count * words);
  if (const auto read = memory_.read(table.entries, std::as_writable_bytes(std::span(raw)));
      !read) {
    return std::unexpected(read.error());
  }
  std::vector<DictEntry> entries(table.count);
  for (std::size_t i = 0; i < table.count; ++i) {
    const std::uint64_t* entry = &raw[i * words];
    entries[i] = {.hash = table.has_hashes ? entry[0] : 0,
                  .key = {entry[words - 2]},
                  .value = {entry[words - 1]},
                  .slot = table.entries + i * table.entry_size() + (words - 1) * kPointer};
  }
  return entries;
}

Faulty<void> DictReader::take_split_values(Address values, std::vector<DictEntry>& entries) {
  const Address items = values + layout_.dict_values.items.bytes;
  std::vector<Address> raw(entries.size());
  if (const auto read = memory_.read(items, std::as_writable_bytes(std::span(raw))); !read) {
    return std::unexpected(read.error());
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].value = raw[i];
    entries[i].slot = items + i * kPointer;
  }
  return {};
}

Faulty<std::vector<DictEntry>> DictReader::read_entries(Address dict, std::size_t most_entries) {
  const auto head = read_head(memory_, layout_, dict);
  if (!head) {
    return std::unexpected(head.error());
  }
  const auto table = read_table(head->keys, most_entries);
  if (!table) {
    return std::unexpected(table.error());
  }
  auto entries = read_table_entries(*table);
  if (!entries) {
    return entries;
  }
  if (!head->values.is_null()) {
    if (const auto taken = take_split_values(head->values, *entries); !taken) {
      return std::unexpected(taken.error());
    }
  }
  const auto after = read_head(memory_, layout_, dict);
  if (!after || *after != *head) {
    return std::unexpected(Fault::changed);
  }
  std::erase_if(*entries, [](const DictEntry& entry) {
    return entry.key.is_null() || entry.value.is_null();
  });
  return entries;
}

// Reads the lengths of all keys at once and the text of those only whose length fits.
Faulty<std::optional<std::size_t>> DictReader::find_text(const std::vector<DictEntry>& among,
                                                         std::string_view name) {
  constexpr std::size_t kStep = target::Memory::kMostRequests;
  ObjectReader objects(memory_, layout_);
  target::ReadBatch lengths;
  for (std::size_t first = 0; first < among.size(); first += kStep) {
    const std::size_t count = std::min(kStep, among.size() - first);
    lengths.clear();
    for (std::size_t i = 0; i < count; ++i) {
      // Deleted entries have no key; the batch is to go on behind them.
      const Address key = among[first + i].key;
      lengths.add((key.is_null() ? among[first + i].slot : key + layout_.unicode.length.bytes),
                  sizeof(std::uint64_t));
    }
    if (!lengths.read(memory_) || !lengths.all_read()) {
      return std::unexpected(Fault::changed);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto slot = static_cast<target::ReadBatch::Slot>(i);
      const Address key = among[first + i].key;
      if (!key.is_null() && lengths.value<std::uint64_t>(slot, 0) == name.size() &&
          objects.read_text(key, name.size()) == name) {
        return first + i;
      }
    }
  }
  return std::nullopt;
}

Faulty<std::optional<DictEntry>> DictReader::find(Address dict, std::string_view name,
                                                  std::size_t most_entries) {
  const auto entries = read_entries(dict, most_entries);
  if (!entries) {
    return std::unexpected(entries.error());
  }
  const auto place = find_text(*entries, name);
  if (!place) {
    return std::unexpected(place.error());
  }
  return *place ? std::optional((*entries)[**place]) : std::nullopt;
}

Faulty<std::optional<std::size_t>> DictReader::find_key(Address keys, std::string_view name,
                                                        std::size_t most_entries) {
  const auto table = read_table(keys, most_entries);
  if (!table) {
    return std::unexpected(table.error());
  }
  const auto entries = read_table_entries(*table);
  if (!entries) {
    return std::unexpected(entries.error());
  }
  return find_text(*entries, name);
}

}  // namespace lancehead::python
