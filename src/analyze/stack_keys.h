// Which things (functions, lines, expressions) each stack contains, each once.
//
// A function that stands on a stack ten times took that sample's time once. The sets are built
// from the caller's set and shared between stacks, so that ten thousand stacks of a recursion cost
// one set.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "schema/tables.h"

namespace lancehead::analyze {

using Key = std::uint32_t;

// `keys_of_frame` has one list for each row of `frames`.
class StackKeys {
 public:
  StackKeys(const schema::Tables& tables, const std::vector<std::vector<Key>>& keys_of_frame);

  // Sorted, each once; good as long as this object.
  [[nodiscard]] std::span<const Key> of(schema::StackId stack) const {
    return stack.is_none() ? std::span<const Key>() : sets_[set_of_stack_[stack.row()]];
  }

 private:
  using SetNumber = std::uint32_t;

  SetNumber with(SetNumber set, Key key);

  std::vector<std::vector<Key>> sets_;
  std::map<std::pair<SetNumber, Key>, SetNumber> grown_;
  std::vector<SetNumber> set_of_stack_;
};

}  // namespace lancehead::analyze
