#include "object_maker.h"

#include <string>

namespace lancehead::python {

using target::Address;

Address ObjectMaker::room(std::size_t bytes) {
  constexpr std::size_t kFront = 64;
  const std::vector<std::byte> zeros(kFront + bytes);
  image_.store(next_, zeros);
  const Address at = next_ + kFront;
  next_ = next_ + ((zeros.size() + 15) & ~std::size_t{15});
  return at;
}

Address ObjectMaker::type(std::string_view name) {
  const Address made = room(layout_.type.cached_keys.bytes + 64);
  const Address label = room(name.size() + 16);
  image_.store(label, std::as_bytes(std::span(name)));
  store(made + layout_.type.name.bytes, label.value);
  return made;
}

Address ObjectMaker::text(std::string_view ascii) {
  const Address made = room(layout_.unicode.ascii_data + ascii.size() + 1);
  store(made + layout_.object.type.bytes, str_type_.value);
  store(made + layout_.unicode.length.bytes, ascii.size());
  const unsigned shift = layout_.free_threaded && layout_.version.at_least(14) ? 8 : 2;
  constexpr std::uint32_t kOneByteCompactAscii = 0b11001;
  image_.store_value(made + layout_.unicode.state.bytes, kOneByteCompactAscii << shift);
  image_.store(made + layout_.unicode.ascii_data, std::as_bytes(std::span(ascii)));
  return made;
}

Address ObjectMaker::make_keys(const Items& items, const std::vector<std::uint64_t>& hashes,
                               bool general, bool with_values) {
  const DictKeysLayout& at = layout_.dict_keys;
  const bool old = !at.kind.present();
  std::uint8_t log2_size = 3;
  while ((std::size_t{1} << log2_size) * 2 / 3 < items.size()) {
    ++log2_size;
  }
  const std::uint8_t log2_bytes = static_cast<std::uint8_t>(log2_size + (log2_size > 7 ? 1 : 0));
  const Address made = room(at.indices.bytes + (std::size_t{1} << log2_bytes) + items.size() * 24);
  store(made + at.entry_count.bytes, items.size());
  if (old) {
    store(made + at.size.bytes, std::uint64_t{1} << log2_size);
  } else {
    image_.store_value(made + at.log2_size.bytes, log2_size);
    image_.store_value(made + at.log2_index_bytes.bytes, log2_bytes);
    image_.store_value(made + at.kind.bytes, static_cast<std::uint8_t>(general ? 0 : 1));
  }
  Address entry = made + at.indices.bytes + (std::size_t{1} << log2_bytes);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (old || general) {
      store(entry, i < hashes.size() ? hashes[i] : 7);
      entry = entry + 8;
    }
    store(entry, items[i].first.value);
    store(entry + 8, with_values ? items[i].second.value : 0);
    entry = entry + 16;
  }
  return made;
}

Address ObjectMaker::keys(const Items& items, bool general, bool with_values) {
  return make_keys(items, {}, general, with_values);
}

Address ObjectMaker::dict(Address keys, Address values) {
  const Address made = room(layout_.dict.values.bytes + 8);
  store(made + layout_.dict.keys.bytes, keys.value);
  store(made + layout_.dict.values.bytes, values.value);
  return made;
}

Address ObjectMaker::dict_of_ints(const std::vector<std::pair<std::uint64_t, Address>>& items) {
  Items entries;
  std::vector<std::uint64_t> hashes;
  for (const auto& [number, value] : items) {
    entries.emplace_back(room(layout_.integer.digits.bytes + 8), value);
    hashes.push_back(number);
  }
  return dict(make_keys(entries, hashes, true, true));
}

void ObjectMaker::store_values(Address at, const std::vector<Address>& of) {
  if (layout_.dict_values.valid.present()) {
    image_.store_value(at + layout_.dict_values.valid.bytes, std::uint8_t{1});
  }
  for (std::size_t i = 0; i < of.size(); ++i) {
    store(at + layout_.dict_values.items.bytes + i * 8, of[i].value);
  }
}

Address ObjectMaker::values(const std::vector<Address>& of) {
  const Address made = room(16 + of.size() * 8);
  store_values(made, of);
  return made;
}

}  // namespace lancehead::python
