#include "code/assembler.h"

namespace lancehead::code {
namespace {

constexpr std::uint32_t kUnit = 2;
constexpr unsigned kArgBits = 8;

std::uint32_t extended_count(std::uint32_t arg) {
  std::uint32_t count = 0;
  while ((arg >>= kArgBits) != 0) {
    ++count;
  }
  return count;
}

}  // namespace

std::uint32_t Assembler::offset_of(LabelId label) const {
  const std::size_t item = labels_[label.row()];
  return item < items_.size() ? items_[item].start : size();
}

std::uint32_t Assembler::jump_argument(const Item& item) const {
  const OpcodeInfo& info = opcodes_[item.opcode];
  const std::uint32_t target = offset_of(item.target);
  // Until 3.9 the argument counts bytes, since then code units.
  const std::uint32_t scale = opcodes_.minor >= 10 ? kUnit : 1;
  if (info.has(kAbsolute)) {
    return target / scale;
  }
  // Distances count from behind the caches.
  const std::uint32_t distance = info.has(kBackward) ? item.end - target : target - item.end;
  return distance / scale;
}

// Items only ever grow, so that moving them comes to an end.
bool Assembler::move_items() {
  bool changed = false;
  std::uint32_t at = 0;
  for (Item& item : items_) {
    const std::uint32_t before = item.end - item.start;
    const std::uint32_t size =
        kUnit * (extended_count(item.arg) + 1U + opcodes_[item.opcode].caches);
    const std::uint32_t taken = size > before ? size : before;
    changed = changed || item.start != at || taken != before;
    item.start = at;
    at += taken;
    item.end = at;
  }
  for (Item& item : items_) {
    if (item.target) {
      const std::uint32_t arg = jump_argument(item);
      changed = changed || arg != item.arg;
      item.arg = arg;
    }
  }
  return changed;
}

void Assembler::layout() {
  while (move_items()) {
  }
}

std::vector<std::uint8_t> Assembler::bytecode() const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(size());
  for (const Item& item : items_) {
    const std::uint32_t caches = opcodes_[item.opcode].caches;
    std::uint32_t extended = (item.end - item.start) / kUnit - 1 - caches;
    for (; extended > 0; --extended) {
      bytes.push_back(opcodes_.extended_arg);
      bytes.push_back(static_cast<std::uint8_t>(item.arg >> (kArgBits * extended)));
    }
    bytes.push_back(item.opcode);
    bytes.push_back(static_cast<std::uint8_t>(item.arg));
    bytes.insert(bytes.end(), std::size_t{kUnit} * caches, 0);
  }
  return bytes;
}

}  // namespace lancehead::code
