#include "sense/code_cache.h"

#include <algorithm>
#include <array>
#include <utility>

#include "python/frame_copy.h"

namespace lancehead::sense {

using target::Address;

namespace {

// Code objects that are read along with each look.
constexpr std::size_t kMostExpected = 16;

}  // namespace

void CodeCache::refresh(std::span<const python::RawFrame> frames,
                        std::span<const python::RawFrame> next, ThreadLook& look) {
  ++refreshes_;
  missing_.clear();
  for (const python::RawFrame& frame : frames) {
    Entry& entry = entries_[frame.code];
    if (entry.checked == refreshes_) {
      continue;
    }
    entry.checked = refreshes_;
    // Other code at this address has its name elsewhere, and the look read the name of the old one.
    const auto heads = look.code_heads(frame.code);
    if (heads && python::decode_code_name(layout_, heads->code) == heads->name_address) {
      check(frame.code, entry, python::decode_code_identity(layout_, heads->code, heads->name));
    } else {
      missing_.push_back(frame.code);
    }
  }
  read_missing();
  expect(next, look);
}

// Each code once.
void CodeCache::expect(std::span<const python::RawFrame> frames, ThreadLook& look) {
  expected_.clear();
  for (const python::RawFrame& frame : frames) {
    const auto found = entries_.find(frame.code);
    const bool known = found != entries_.end() && !found->second.identity.name.is_null();
    if (known && expected_.size() < kMostExpected &&
        std::ranges::find(expected_, frame.code, &ExpectedCode::code) == expected_.end()) {
      expected_.push_back({frame.code, found->second.identity.name});
    }
  }
  look.expect_codes(expected_);
}

void CodeCache::check(Address code, Entry& entry, const python::CodeIdentity& identity) {
  if (entry.readable && identity == entry.identity) {
    return;
  }
  replaced_ += entry.readable ? 1 : 0;
  entry = {.identity = identity, .checked = refreshes_, .marked = entry.marked};
  new_.push_back(code);
}

// The name of a code object is found through the object: of one that is new, in a second call.
void CodeCache::read_missing() {
  if (missing_.empty()) {
    return;
  }
  batch_.clear();
  for (const Address code : missing_) {
    batch_.add(code, python::kCodeHead);
  }
  if (!batch_.read(memory_)) {
    return;
  }
  names_.clear();
  for (std::size_t i = 0; i < missing_.size(); ++i) {
    const auto head = static_cast<target::ReadBatch::Slot>(i);
    names_.add(
        batch_.is_read(head) ? python::decode_code_name(layout_, batch_.bytes(head)) : Address{},
        python::kNameHead);
  }
  if (!names_.read(memory_)) {
    return;
  }
  for (std::size_t i = 0; i < missing_.size(); ++i) {
    const auto slot = static_cast<target::ReadBatch::Slot>(i);
    Entry& entry = entries_[missing_[i]];
    if (batch_.is_read(slot) && names_.is_read(slot)) {
      check(missing_[i], entry,
            python::decode_code_identity(layout_, batch_.bytes(slot), names_.bytes(slot)));
    } else if (const auto identity = read_identity(missing_[i])) {
      check(missing_[i], entry, *identity);  // it stood behind one that could not be read
    } else {
      replaced_ += entry.readable ? 1 : 0;
      entry = {.checked = refreshes_, .marked = entry.marked};
    }
  }
}

void CodeCache::learn_new() {
  for (const Address code : new_) {
    learn(code, entries_[code]);
  }
  new_.clear();
}

std::optional<python::CodeIdentity> CodeCache::read_identity(Address code) {
  std::array<std::byte, python::kCodeHead> head{};
  std::array<std::byte, python::kNameHead> name{};
  if (!memory_.read(code, head) || !python::is_alive(layout_, head) ||
      !memory_.read(python::decode_code_name(layout_, head), name)) {
    return std::nullopt;
  }
  return python::decode_code_identity(layout_, head, name);
}

// The thread runs meanwhile, and may free what is being read: only what is still the same
// afterwards is believed.
void CodeCache::learn(Address code, Entry& entry) {
  const auto bytecode = python::read_bytecode_address(memory_, layout_, code);
  entry.stand_in = counts_ == nullptr ? nullptr : counts_->stand_in(code.value, layout_.version);
  auto object = python::read_code_object(memory_, layout_, code);
  if (!bytecode || !object || read_identity(code) != entry.identity) {
    return;
  }
  entry.bytecode = *bytecode;
  entry.unfinished = std::move(*object);
  entry.readable = true;
  replaced_ += std::exchange(entry.marked, false) ? 1U : 0U;
}

void CodeCache::finish(Address code, Entry& entry) {
  if (entry.stand_in != nullptr) {
    entry.id = log_.code(entry.stand_in->code, session_, layout_.version, files_);
    entry.unfinished.reset();
    return;
  }
  python::read_code_details(memory_, layout_, code, *entry.unfinished);
  if (read_identity(code) != entry.identity) {
    entry.unfinished->names.clear();
    entry.unfinished->variables.clear();
    entry.unfinished->constants.clear();
  }
  entry.id = log_.code(*entry.unfinished, session_, layout_.version, files_);
  entry.unfinished.reset();
}

std::optional<KnownCode> CodeCache::known(Address code) const {
  const auto found = entries_.find(code);
  if (found == entries_.end() || found->second.id.is_none()) {
    return std::nullopt;
  }
  return KnownCode{.id = found->second.id,
                   .identity = found->second.identity,
                   .stand_in = found->second.stand_in};
}

std::optional<std::int32_t> CodeCache::running_offset(const python::RawFrame& frame) const {
  const auto found = entries_.find(frame.code);
  if (found == entries_.end() || !found->second.readable) {
    return std::nullopt;
  }
  return python::instruction_offset(layout_, frame.instruction, found->second.bytecode);
}

schema::FrameId CodeCache::frame(const python::RawFrame& frame) {
  Entry& entry = entries_[frame.code];
  if (!entry.readable) {
    entry.marked = true;
    return log_.frame(log_.marker("[unreadable code]", session_), -1);
  }
  if (entry.unfinished) {
    finish(frame.code, entry);
  }
  const std::int32_t offset =
      python::instruction_offset(layout_, frame.instruction, entry.bytecode);
  return log_.frame(entry.id, entry.stand_in == nullptr
                                  ? offset
                                  : entry.stand_in->original_offset(offset));
}

}  // namespace lancehead::sense
