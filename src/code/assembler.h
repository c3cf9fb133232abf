// Lays instructions out: offsets, EXTENDED_ARGs, and the arguments of jumps to labels.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "code/opcode_table.h"

namespace lancehead::code {

using LabelId = Id<struct LabelTag>;

struct Item {
  std::uint8_t opcode = 0;
  std::uint32_t arg = 0;
  LabelId target;            // of jumps: then `arg` follows from it
  std::uint32_t origin = 0;  // whatever the caller wants to find again
  bool is_old = false;       // was there before
  std::uint32_t start = 0;   // set by layout(): offset of the first EXTENDED_ARG
  std::uint32_t end = 0;     // behind its caches
};

class Assembler {
 public:
  explicit Assembler(const OpcodeTable& opcodes) : opcodes_(opcodes) {}

  [[nodiscard]] LabelId new_label() {
    labels_.push_back(0);
    return LabelId(labels_.size() - 1);
  }
  // The label now stands for the next item.
  void place(LabelId label) { labels_[label.row()] = items_.size(); }
  void put(Item item) { items_.push_back(item); }

  // Afterwards offsets are known.
  void layout();
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] std::uint32_t size() const { return items_.empty() ? 0 : items_.back().end; }
  [[nodiscard]] std::uint32_t offset_of(LabelId label) const;
  [[nodiscard]] std::vector<std::uint8_t> bytecode() const;

 private:
  [[nodiscard]] bool move_items();
  [[nodiscard]] std::uint32_t jump_argument(const Item& item) const;

  const OpcodeTable& opcodes_;
  std::vector<Item> items_;
  std::vector<std::size_t> labels_;  // index of an item
};

}  // namespace lancehead::code
