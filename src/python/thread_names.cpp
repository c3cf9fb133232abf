#include "python/thread_names.h"

#include <algorithm>
#include <cstring>

#include "python/dict_reader.h"
#include "python/object_reader.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::size_t kMostModules = 65536;
constexpr std::size_t kMostGlobals = 4096;
constexpr std::size_t kMostThreads = 65536;
constexpr std::size_t kMostCompared = 512;

// How many bytes a str of this text takes from its beginning on: never more than it has.
std::size_t object_size(const UnicodeLayout& layout, std::string_view text) {
  std::size_t characters = 0;
  std::size_t width = 1;
  bool ascii = true;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    characters += (byte & 0xC0U) != 0x80U ? 1 : 0;
    ascii = ascii && byte < 0x80U;
    if (byte >= 0xC4U) {  // U+0100 and above
      width = std::max<std::size_t>(width, byte >= 0xF0U ? 4 : 2);
    }
  }
  return (ascii ? layout.ascii_data : layout.compact_data) + characters * width;
}

}  // namespace

void ThreadNames::forget() {
  active_.clear();
  name_attribute_.forget();
  str_type_ = {};
  std::erase_if(known_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [instance, known] : known_) {
    known.used = false;
  }
}

Faulty<Address> ThreadNames::find_active(Address interpreter) {
  if (const auto known = active_.find(interpreter.value); known != active_.end()) {
    return known->second;
  }
  const auto modules = memory_.read_pointer(interpreter + layout_.interpreter.modules.bytes);
  if (!modules) {
    return std::unexpected(modules.error());
  }
  DictReader dicts(memory_, layout_);
  const auto module = dicts.find(*modules, "threading", kMostModules);
  if (!module || !*module) {
    return std::unexpected(module ? Fault::implausible : module.error());
  }
  const auto globals = memory_.read_pointer((*module)->value + layout_.module.dict.bytes);
  if (!globals) {
    return std::unexpected(globals.error());
  }
  const auto active = dicts.find(*globals, "_active", kMostGlobals);
  if (!active || !*active) {
    return std::unexpected(active ? Fault::implausible : active.error());
  }
  active_[interpreter.value] = (*active)->value;
  return (*active)->value;
}

Faulty<std::unordered_map<std::uint64_t, Address>> ThreadNames::find_instances(
    Address interpreter) {
  const auto active = find_active(interpreter);
  if (!active) {
    return std::unexpected(active.error());
  }
  const auto entries = DictReader(memory_, layout_).read_entries(*active, kMostThreads);
  if (!entries) {
    active_.erase(interpreter.value);
    return std::unexpected(entries.error());
  }
  // The hash of an int below 2^61 - 1 is the int itself, and addresses are smaller.
  std::unordered_map<std::uint64_t, Address> instances;
  for (const DictEntry& entry : *entries) {
    instances.emplace(entry.hash, entry.value);
  }
  return instances;
}

bool ThreadNames::is_text(Address object) {
  const auto type = memory_.read_pointer(object + layout_.object.type.bytes);
  if (!type || type->is_null()) {
    return false;
  }
  if (*type != str_type_ && ObjectReader(memory_, layout_).read_type_name(object) == "str") {
    str_type_ = *type;
  }
  return *type == str_type_;
}

// The pointer is read again behind the text: what was freed and used anew meanwhile is no name.
Faulty<ThreadNames::Known> ThreadNames::read_name(Address instance) {
  Known known;
  const auto slot = name_attribute_.find_slot(instance, known.way);
  if (!slot) {
    return std::unexpected(slot.error());
  }
  const auto name = memory_.read_pointer(*slot);
  if (!name || name->is_null() || !is_text(*name)) {
    return std::unexpected(Fault::implausible);
  }
  auto text = ObjectReader(memory_, layout_).read_text(*name, kMostCharacters);
  if (!text) {
    return std::unexpected(text.error());
  }
  known.text = std::move(*text);
  // Not its reference count, which stands in front.
  known.content = *name + layout_.unicode.length.bytes;
  known.expected.resize(std::min(
      kMostCompared, object_size(layout_.unicode, known.text) - layout_.unicode.length.bytes));
  const auto read = memory_.read(known.content, known.expected);
  const auto after = memory_.read_pointer(*slot);
  if (!read || !after || *after != *name) {
    return std::unexpected(Fault::changed);
  }
  known.way.push_back({.at = *slot, .word = name->value});
  return known;
}

void ThreadNames::check(std::span<const Address> instances) {
  batch_.clear();
  for (const Address instance : instances) {
    if (const auto found = known_.find(instance.value); found != known_.end()) {
      for (const Waymark& mark : found->second.way) {
        batch_.add(mark.at, sizeof mark.word);
      }
      batch_.add(found->second.content, found->second.expected.size());
    }
  }
  if (batch_.empty() || !batch_.read(memory_)) {
    known_.clear();
    return;
  }
  std::uint32_t next = 0;
  const auto next_slot = [&next] { return static_cast<target::ReadBatch::Slot>(next++); };
  for (const Address instance : instances) {
    const auto found = known_.find(instance.value);
    if (found == known_.end()) {
      continue;
    }
    bool unchanged = true;
    for (const Waymark& mark : found->second.way) {
      const auto slot = next_slot();
      unchanged =
          unchanged && batch_.is_read(slot) && batch_.value<std::uint64_t>(slot, 0) == mark.word;
    }
    const auto content = next_slot();
    unchanged = unchanged && batch_.is_read(content) &&
                std::ranges::equal(batch_.bytes(content), found->second.expected);
    if (!unchanged) {
      known_.erase(found);
    }
  }
}

Faulty<std::vector<std::string>> ThreadNames::read(Address interpreter,
                                                   std::span<const std::uint64_t> pthreads) {
  const auto instances = find_instances(interpreter);
  if (!instances) {
    return std::unexpected(instances.error());
  }
  std::vector<Address> wanted;
  for (const std::uint64_t pthread : pthreads) {
    const auto found = instances->find(pthread);
    const bool named = pthread != 0 && found != instances->end();
    wanted.push_back(named ? found->second : Address{});
  }
  check(wanted);
  std::vector<std::string> names;
  for (const Address instance : wanted) {
    std::string& name = names.emplace_back();
    auto known = known_.find(instance.value);
    if (!instance.is_null() && known == known_.end()) {
      if (auto read = read_name(instance)) {
        known = known_.emplace(instance.value, std::move(*read)).first;
      }
    }
    if (known != known_.end()) {
      known->second.used = true;
      name = known->second.text;
    }
  }
  return names;
}

}  // namespace lancehead::python
