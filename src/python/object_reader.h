// Reads the plain objects of CPython from a target: str, bytes, tuple, and short constants.
//
// Everything read is hostile: sizes are bounded, addresses may lead anywhere, nothing is followed
// more than a fixed number of steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fault.h"
#include "python/layout.h"
#include "target/memory.h"

namespace lancehead::python {

class ObjectReader {
 public:
  ObjectReader(target::Memory& memory, const Layout& layout) : memory_(memory), layout_(layout) {}

  // A str as UTF-8; lone surrogates are kept (WTF-8). Longer than `most_characters`: the beginning
  // and "…". Faults: unmapped, implausible (not a str).
  [[nodiscard]] Faulty<std::string> read_text(target::Address object,
                                              std::size_t most_characters = 4096);

  // The content of a bytes object. Fault too_large beyond `most_bytes`.
  [[nodiscard]] Faulty<std::string> read_bytes(target::Address object, std::size_t most_bytes);

  // The items of a tuple, at most `most_items` of them.
  [[nodiscard]] Faulty<std::vector<target::Address>> read_tuple(target::Address object,
                                                                std::size_t most_items);

  // A tuple of str; items that are not readable become "?".
  [[nodiscard]] std::vector<std::string> read_text_tuple(target::Address object,
                                                         std::size_t most_items);

  // `tp_name` of the object's type, such as "code" or "int".
  [[nodiscard]] Faulty<std::string> read_type_name(target::Address object);

  // repr of None, bool, int of at most 60 bits, float and short str; "..." for everything else.
  [[nodiscard]] std::string read_constant(target::Address object);

  // Whether the last of so many bytes can be read; small sizes are not looked at.
  [[nodiscard]] Faulty<void> read_last(target::Address from, std::uint64_t size);

  // ob_size of a variable-size object.
  [[nodiscard]] Faulty<std::uint64_t> read_size(target::Address object);

 private:
  [[nodiscard]] std::string read_integer(target::Address object);

  target::Memory& memory_;
  const Layout& layout_;
};

}  // namespace lancehead::python
