// Finds the attributes of instances of Python classes, wherever their version of CPython keeps
// them: in a dict, in values beside it, or inline behind the instance.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/fault.h"
#include "python/dict_reader.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

// A word of the target's memory that was followed on the way to something else: while all words of
// a way are what they were, it leads to the same place.
struct Waymark {
  target::Address at;
  std::uint64_t word = 0;
};

// Finds one attribute, by its name (ASCII), of many instances. What it learns of their classes is
// kept until forget(), which is to be called now and then: classes can be replaced.
class InstanceAttribute {
 public:
  InstanceAttribute(target::Memory& memory, const Layout& layout, std::string_view name)
      : memory_(memory), layout_(layout), dicts_(memory, layout), name_(name) {}

  // Where the pointer to the attribute's value stands, and into `way` what it was found by. Faults:
  // unmapped, implausible (no such attribute, or not an instance), changed, too_large.
  [[nodiscard]] Faulty<target::Address> find_slot(target::Address instance,
                                                  std::vector<Waymark>& way);

  // Forgets the classes.
  void forget() { classes_.clear(); }

 private:
  struct Class {
    std::uint64_t flags = 0;
    std::int64_t basic_size = 0;
    std::int64_t dict_offset = 0;
    target::Address shared_keys;
    std::optional<std::size_t> place;  // of the attribute among the shared keys
  };

  // Where the attributes of an instance are: one of the two, or neither.
  struct Home {
    target::Address values;
    target::Address dict;
  };

  // Reads a pointer and adds it to the way.
  [[nodiscard]] Faulty<target::Address> follow(target::Address at);
  [[nodiscard]] Faulty<target::Address> search(target::Address instance);
  [[nodiscard]] Faulty<Class*> find_class(target::Address instance);
  [[nodiscard]] Faulty<Home> find_home(target::Address instance, const Class& type);
  [[nodiscard]] Faulty<Home> find_inline_home(target::Address instance, const Class& type);
  [[nodiscard]] Faulty<target::Address> slot_in_values(target::Address values, Class& type);

  target::Memory& memory_;
  const Layout& layout_;
  DictReader dicts_;
  std::string_view name_;
  std::unordered_map<std::uint64_t, Class> classes_;
  std::vector<Waymark> way_;  // of the search at hand
};

}  // namespace lancehead::python
