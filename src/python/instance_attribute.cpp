#include "python/instance_attribute.h"

namespace lancehead::python {
namespace {

using target::Address;

// Source: Include/object.h.
constexpr std::uint64_t kInlineValues = 1U << 2U;  // from 3.13
constexpr std::uint64_t kManagedDict = 1U << 4U;   // from 3.11
constexpr std::uint64_t kHeapType = 1U << 9U;

constexpr std::size_t kMostAttributes = 4096;
constexpr std::int64_t kLargestInstance = 1 << 16;

bool is_offset_in_instance(std::int64_t offset) {
  return offset > 0 && offset < kLargestInstance;
}

}  // namespace

Faulty<Address> InstanceAttribute::follow(Address at) {
  const auto pointer = memory_.read_pointer(at);
  if (pointer) {
    way_.push_back({.at = at, .word = pointer->value});
  }
  return pointer;
}

Faulty<InstanceAttribute::Class*> InstanceAttribute::find_class(Address instance) {
  const auto type = follow(instance + layout_.object.type.bytes);
  if (!type || type->is_null()) {
    return std::unexpected(Fault::implausible);
  }
  if (const auto known = classes_.find(type->value); known != classes_.end()) {
    return &known->second;
  }
  const TypeLayout& at = layout_.type;
  const auto flags = memory_.read_value<std::uint64_t>(*type + at.flags.bytes);
  const auto basic_size = memory_.read_value<std::int64_t>(*type + at.basic_size.bytes);
  const auto dict_offset = memory_.read_value<std::int64_t>(*type + at.dict_offset.bytes);
  if (!flags || !basic_size || !dict_offset) {
    return std::unexpected(Fault::unmapped);
  }
  Class found{.flags = *flags, .basic_size = *basic_size, .dict_offset = *dict_offset};
  if ((*flags & kHeapType) != 0) {
    found.shared_keys = memory_.read_pointer(*type + at.cached_keys.bytes).value_or(Address{});
  }
  return &classes_.emplace(type->value, found).first->second;
}

// From 3.13 on the dict, once there is one, is what counts; it may use the inline values itself.
Faulty<InstanceAttribute::Home> InstanceAttribute::find_inline_home(Address instance,
                                                                    const Class& type) {
  const auto dict = follow({instance.value - layout_.instance.dict_before.bytes});
  if (!dict) {
    return std::unexpected(dict.error());
  }
  if (!dict->is_null() || (type.flags & kInlineValues) == 0 ||
      !is_offset_in_instance(type.basic_size)) {
    return Home{.dict = *dict};
  }
  const Address values = instance + static_cast<std::uint64_t>(type.basic_size);
  const auto head = follow(values);
  if (!head) {
    return std::unexpected(head.error());
  }
  const std::uint64_t valid = (head->value >> (layout_.dict_values.valid.bytes * 8)) & 0xFFU;
  return valid == 1 ? Home{.values = values} : Home{};
}

Faulty<InstanceAttribute::Home> InstanceAttribute::find_home(Address instance, const Class& type) {
  if (!layout_.version.at_least(11) || (type.flags & kManagedDict) == 0) {
    if (!is_offset_in_instance(type.dict_offset)) {
      return Home{};
    }
    const auto dict = follow(instance + static_cast<std::uint64_t>(type.dict_offset));
    return dict ? Faulty<Home>(Home{.dict = *dict}) : std::unexpected(dict.error());
  }
  if (layout_.version.at_least(13)) {
    return find_inline_home(instance, type);
  }
  if (layout_.instance.values_before.present()) {  // 3.11
    const auto values = follow({instance.value - layout_.instance.values_before.bytes});
    if (!values) {
      return std::unexpected(values.error());
    }
    if (!values->is_null()) {
      return Home{.values = *values};
    }
  }
  const auto word = follow({instance.value - layout_.instance.dict_before.bytes});
  if (!word) {
    return std::unexpected(word.error());
  }
  // 3.12 keeps the values' address less one in the place of the dict's.
  const bool is_values = !layout_.instance.values_before.present() && (word->value & 1U) != 0;
  return is_values ? Home{.values = *word + 1} : Home{.dict = *word};
}

Faulty<Address> InstanceAttribute::slot_in_values(Address values, Class& type) {
  if (!type.place) {
    const auto place = dicts_.find_key(type.shared_keys, name_, kMostAttributes);
    if (!place) {
      return std::unexpected(place.error());
    }
    type.place = *place;
  }
  if (!type.place) {
    return std::unexpected(Fault::implausible);
  }
  return values + layout_.dict_values.items.bytes + *type.place * sizeof(std::uint64_t);
}

Faulty<Address> InstanceAttribute::find_slot(Address instance, std::vector<Waymark>& way) {
  way_.clear();
  const auto slot = search(instance);
  way = way_;
  return slot;
}

Faulty<Address> InstanceAttribute::search(Address instance) {
  const auto type = find_class(instance);
  if (!type) {
    return std::unexpected(type.error());
  }
  const auto home = find_home(instance, **type);
  if (!home) {
    return std::unexpected(home.error());
  }
  if (!home->values.is_null()) {
    return slot_in_values(home->values, **type);
  }
  if (!follow(home->dict + layout_.dict.keys.bytes) ||
      !follow(home->dict + layout_.dict.values.bytes)) {
    return std::unexpected(Fault::unmapped);
  }
  const auto entry = dicts_.find(home->dict, name_, kMostAttributes);
  if (!entry) {
    return std::unexpected(entry.error());
  }
  if (!*entry) {
    return std::unexpected(Fault::implausible);
  }
  return (*entry)->slot;
}

}  // namespace lancehead::python
