// Reads dicts of CPython from a target: combined and split tables, of str keys and of any keys.
//
// A dict may change while it is read: what comes back hung together when its head was read before
// and after. Everything is bounded, nothing is followed further than the entries.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

struct DictEntry {
  // Of the key; 0 where the table does not hold it (tables of str keys, from 3.11).
  std::uint64_t hash = 0;
  target::Address key;
  target::Address value;
  target::Address slot;  // where the pointer to the value stands
};

class DictReader {
 public:
  DictReader(target::Memory& memory, const Layout& layout) : memory_(memory), layout_(layout) {}

  // The entries in the order in which they were inserted, those deleted left out. Faults: unmapped,
  // implausible (not a dict), changed, too_large (more than `most_entries`).
  [[nodiscard]] Faulty<std::vector<DictEntry>> read_entries(target::Address dict,
                                                            std::size_t most_entries);

  // The entry whose key is the str `name` (ASCII); nothing where there is none.
  [[nodiscard]] Faulty<std::optional<DictEntry>> find(target::Address dict, std::string_view name,
                                                      std::size_t most_entries);

  // The place of the str `name` (ASCII) among the entries of a table of keys, such as the one that
  // the instances of a class share.
  [[nodiscard]] Faulty<std::optional<std::size_t>> find_key(target::Address keys,
                                                            std::string_view name,
                                                            std::size_t most_entries);

 private:
  // Where the entries of a table stand, and what they look like.
  struct Table {
    target::Address entries;
    std::size_t count = 0;
    bool has_hashes = false;
    [[nodiscard]] std::size_t entry_size() const;
  };

  [[nodiscard]] Faulty<Table> read_table(target::Address keys, std::size_t most_entries);
  [[nodiscard]] Faulty<std::vector<DictEntry>> read_table_entries(const Table& table);
  [[nodiscard]] Faulty<void> take_split_values(target::Address values,
                                               std::vector<DictEntry>& entries);
  [[nodiscard]] Faulty<std::optional<std::size_t>> find_text(const std::vector<DictEntry>& among,
                                                             std::string_view name);

  target::Memory& memory_;
  const Layout& layout_;
};

}  // namespace lancehead::python
