#include "sense/code_cache.h"

#include <array>

#include "python/frame_copy.h"

namespace lancehead::sense {

using target::Address;

void CodeCache::refresh(std::span<const python::RawFrame> frames) {
  ++refreshes_;
  batch_.clear();
  batched_.clear();
  for (const python::RawFrame& frame : frames) {
    Entry& entry = entries_[frame.code];
    if (entry.checked == refreshes_) {
      continue;
    }
    entry.checked = refreshes_;
    if (!entry.readable) {
      learn(frame.code, entry);
      continue;
    }
    batch_.add(frame.code, python::kCodeHead);
    batch_.add(entry.identity.name, python::kNameHead);
    batched_.push_back(frame.code);
  }
  if (!batched_.empty() && batch_.read(memory_)) {
    for (std::size_t i = 0; i < batched_.size(); ++i) {
      Entry& entry = entries_[batched_[i]];
      const auto head = static_cast<target::ReadBatch::Slot>(2 * i);
      const auto name = static_cast<target::ReadBatch::Slot>(2 * i + 1);
      if (!batch_.is_read(name) ||
          python::decode_code_identity(layout_, batch_.bytes(head), batch_.bytes(name)) !=
              entry.identity) {
        ++replaced_;
        entry = {.checked = refreshes_};
        learn(batched_[i], entry);
      }
    }
  }
}

void CodeCache::learn(Address code, Entry& entry) {
  std::array<std::byte, python::kCodeHead> head{};
  std::array<std::byte, python::kNameHead> name{};
  if (!memory_.read(code, head) || !memory_.read(python::decode_code_name(layout_, head), name)) {
    return;
  }
  const auto bytecode = python::read_bytecode_address(memory_, layout_, code);
  auto object = python::read_code_object(memory_, layout_, code);
  if (!bytecode || !object) {
    return;
  }
  entry.identity = python::decode_code_identity(layout_, head, name);
  entry.bytecode = *bytecode;
  entry.unfinished = std::move(*object);
  entry.readable = true;
}

void CodeCache::finish(Address code, Entry& entry) {
  python::read_code_details(memory_, layout_, code, *entry.unfinished);
  // The thread ran on meanwhile: if the object is gone, the details may be those of another one.
  std::array<std::byte, python::kCodeHead> head{};
  std::array<std::byte, python::kNameHead> name{};
  const bool unchanged = memory_.read(code, head) && memory_.read(entry.identity.name, name) &&
                         python::decode_code_identity(layout_, head, name) == entry.identity;
  if (!unchanged) {
    entry.unfinished->names.clear();
    entry.unfinished->variables.clear();
    entry.unfinished->constants.clear();
  }
  entry.id = log_.code(*entry.unfinished, session_, layout_.version, files_);
  entry.unfinished.reset();
}

schema::FrameId CodeCache::frame(const python::RawFrame& frame) {
  Entry& entry = entries_[frame.code];
  if (!entry.readable) {
    return log_.frame(log_.marker("[unreadable code]", session_), -1);
  }
  if (entry.unfinished) {
    finish(frame.code, entry);
  }
  return log_.frame(entry.id,
                    python::instruction_offset(layout_, frame.instruction, entry.bytecode));
}

}  // namespace lancehead::sense
