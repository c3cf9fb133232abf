#include "python/thread_names.h"

#include "python/dict_reader.h"
#include "python/instance_attribute.h"
#include "python/object_reader.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::size_t kMostModules = 65536;
constexpr std::size_t kMostGlobals = 4096;
constexpr std::size_t kMostThreads = 65536;

}  // namespace

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

// The pointer is read again behind the text: what was freed and used anew meanwhile is no name.
Faulty<std::string> ThreadNames::read_name(Address slot) {
  ObjectReader objects(memory_, layout_);
  const auto name = memory_.read_pointer(slot);
  if (!name || name->is_null()) {
    return std::unexpected(Fault::implausible);
  }
  const auto type = objects.read_type_name(*name);
  if (!type || *type != "str") {
    return std::unexpected(Fault::implausible);
  }
  auto text = objects.read_text(*name, kMostCharacters);
  const auto after = memory_.read_pointer(slot);
  if (!after || *after != *name) {
    return std::unexpected(Fault::changed);
  }
  return text;
}

Faulty<std::vector<std::string>> ThreadNames::read(Address interpreter,
                                                   std::span<const std::uint64_t> pthreads) {
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
  InstanceAttribute name(memory_, layout_, "_name");
  std::vector<std::string> names;
  names.reserve(pthreads.size());
  for (const std::uint64_t pthread : pthreads) {
    const auto instance = instances.find(pthread);
    std::string& text = names.emplace_back();
    if (pthread == 0 || instance == instances.end()) {
      continue;
    }
    if (const auto slot = name.find_slot(instance->second)) {
      text = read_name(*slot).value_or("");
    }
  }
  return names;
}

}  // namespace lancehead::python
