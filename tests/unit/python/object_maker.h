// Lays out objects of CPython in an image, as the interpreter of a layout would.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "python/layout.h"
#include "target/recorded_memory.h"

namespace lancehead::python {

class ObjectMaker {
 public:
  using Items = std::vector<std::pair<target::Address, target::Address>>;

  explicit ObjectMaker(const Layout& layout) : layout_(layout) { str_type_ = type("str"); }

  // Room that reads as zeros, with as much of it in front.
  target::Address room(std::size_t bytes);
  void store(target::Address at, std::uint64_t value) { image_.store_value(at, value); }

  // A class without a dict of its instances, of the flags and sizes given later by its fields.
  target::Address type(std::string_view name);

  target::Address text(std::string_view ascii);

  // A table of keys; up to 3.10 and for `general` ones with hashes, which are the keys of `hashes`.
  target::Address keys(const Items& items, bool general, bool with_values = true);

  target::Address dict(target::Address keys, target::Address values = {});

  // A dict whose keys are ints below 2^61.
  target::Address dict_of_ints(const std::vector<std::pair<std::uint64_t, target::Address>>& items);

  target::Address values(const std::vector<target::Address>& of);
  // The same at a given place.
  void store_values(target::Address at, const std::vector<target::Address>& of);

  [[nodiscard]] target::MemoryImage take() { return std::move(image_); }

 private:
  target::Address make_keys(const Items& items, const std::vector<std::uint64_t>& hashes,
                            bool general, bool with_values);

  const Layout& layout_;
  target::MemoryImage image_;
  target::Address next_{0x7F0000000000};
  target::Address str_type_;
};

}  // namespace lancehead::python
