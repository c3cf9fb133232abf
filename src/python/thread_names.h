// The names that a program gave its threads, as its module `threading` knows them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

// Reads `threading._active[ident]._name` of an interpreter, while its threads run on.
class ThreadNames {
 public:
  static constexpr std::size_t kMostCharacters = 1024;

  ThreadNames(target::Memory& memory, const Layout& layout) : memory_(memory), layout_(layout) {}

  // The names, as UTF-8, of the threads with these pthread ids, in their order. Empty where
  // `threading` does not know the thread, or where it could not be read whole just now. Faults:
  // unmapped, implausible, changed where nothing could be read; nothing is wrong with asking later.
  [[nodiscard]] Faulty<std::vector<std::string>> read(target::Address interpreter,
                                                      std::span<const std::uint64_t> pthreads);

  // Finds `threading` anew at the next read: a program may replace its modules.
  void forget() { active_.clear(); }

 private:
  [[nodiscard]] Faulty<target::Address> find_active(target::Address interpreter);
  [[nodiscard]] Faulty<std::string> read_name(target::Address slot);

  target::Memory& memory_;
  const Layout& layout_;
  std::unordered_map<std::uint64_t, target::Address> active_;  // by interpreter
};

}  // namespace lancehead::python
