// The names that a program gave its threads, as its module `threading` knows them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/fault.h"
#include "python/instance_attribute.h"
#include "python/layout.h"
#include "target/memory.h"
#include "target/read_batch.h"

namespace lancehead::python {

// Reads `threading._active[ident]._name` of an interpreter, while its threads run on. The way to
// each name is remembered: as long as nothing on it changed, the names of all threads are read
// again in a few calls.
class ThreadNames {
 public:
  static constexpr std::size_t kMostCharacters = 1024;

  ThreadNames(target::Memory& memory, const Layout& layout)
      : memory_(memory), layout_(layout), name_attribute_(memory, layout, "_name") {}

  // The names, as UTF-8, of the threads with these pthread ids, in their order. Empty where
  // `threading` does not know the thread, or where it could not be read whole just now. Faults:
  // unmapped, implausible, changed where nothing could be read; nothing is wrong with asking later.
  [[nodiscard]] Faulty<std::vector<std::string>> read(target::Address interpreter,
                                                      std::span<const std::uint64_t> pthreads);

  // To be called now and then: finds `threading` anew at the next read, for a program may replace
  // its modules, and forgets the names that were not read since the last call.
  void forget();

 private:
  struct Known {
    std::vector<Waymark> way;         // to the pointer to the name, and that pointer
    target::Address content;          // what of the name is compared, and
    std::vector<std::byte> expected;  // what it was
    std::string text;
    bool used = true;
  };

  [[nodiscard]] Faulty<target::Address> find_active(target::Address interpreter);
  // The instances of Thread of an interpreter by pthread id.
  [[nodiscard]] Faulty<std::unordered_map<std::uint64_t, target::Address>> find_instances(
      target::Address interpreter);
  // Forgets those of the instances whose names may have changed.
  void check(std::span<const target::Address> instances);
  [[nodiscard]] Faulty<Known> read_name(target::Address instance);
  [[nodiscard]] bool is_text(target::Address object);

  target::Memory& memory_;
  const Layout& layout_;
  InstanceAttribute name_attribute_;
  target::ReadBatch batch_;
  std::unordered_map<std::uint64_t, target::Address> active_;  // by interpreter
  std::unordered_map<std::uint64_t, Known> known_;             // by instance
  target::Address str_type_;
};

}  // namespace lancehead::python
