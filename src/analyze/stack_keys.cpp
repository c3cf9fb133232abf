#include "analyze/stack_keys.h"

#include <algorithm>

namespace lancehead::analyze {

StackKeys::StackKeys(const schema::Tables& tables,
                     const std::vector<std::vector<Key>>& keys_of_frame) {
  sets_.emplace_back();
  set_of_stack_.reserve(tables.stacks.size());
  for (std::size_t row = 0; row < tables.stacks.size(); ++row) {
    const schema::StackId parent = tables.stacks.parent[row];
    SetNumber set = parent.is_none() ? 0 : set_of_stack_[parent.row()];
    if (const schema::FrameId frame = tables.stacks.frame[row]; !frame.is_none()) {
      for (const Key key : keys_of_frame[frame.row()]) {
        set = with(set, key);
      }
    }
    set_of_stack_.push_back(set);
  }
}

StackKeys::SetNumber StackKeys::with(SetNumber set, Key key) {
  const auto place = std::ranges::lower_bound(sets_[set], key);
  if (place != sets_[set].end() && *place == key) {
    return set;
  }
  const auto [entry, is_new] = grown_.try_emplace({set, key}, static_cast<SetNumber>(sets_.size()));
  if (is_new) {
    std::vector<Key> grown = sets_[set];
    grown.insert(grown.begin() + (place - sets_[set].begin()), key);
    sets_.push_back(std::move(grown));
  }
  return entry->second;
}

}  // namespace lancehead::analyze
