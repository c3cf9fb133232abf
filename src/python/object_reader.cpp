#include "python/object_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "python/unicode.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::uint64_t kMostCharacters = 1ULL << 30U;

// What PyASCIIObject.state says, as far as it is needed here.
struct TextState {
  std::size_t width = 0;  // bytes a character; 0: not a state that CPython writes
  bool compact = false;
  bool ascii = false;
};

// Source: Include/cpython/unicodeobject.h: interned:2 kind:3 compact:1 ascii:1; in free-threaded
// builds from 3.14 on `interned` is a byte of its own.
TextState parse_state(std::uint32_t state, const Layout& layout) {
  const unsigned shift = layout.free_threaded && layout.version.at_least(14) ? 8 : 2;
  const std::uint32_t bits = state >> shift;
  const std::uint32_t kind = bits & 7U;
  TextState parsed;
  parsed.width = (kind == 1 || kind == 2 || kind == 4) ? kind : 0;
  parsed.compact = ((bits >> 3U) & 1U) != 0;
  parsed.ascii = ((bits >> 4U) & 1U) != 0;
  return parsed;
}

// As repr() does it: never to be taken for an int.
std::string in_words(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string quote(const std::string& text) {
  return "'" + text + "'";
}

}  // namespace

Faulty<std::uint64_t> ObjectReader::read_size(Address object) {
  return memory_.read_value<std::uint64_t>(object + layout_.object.size.bytes);
}

Faulty<std::string> ObjectReader::read_text(Address object, std::size_t most_characters) {
  std::array<std::byte, 64> header{};
  const std::size_t needed = layout_.unicode.state.bytes + sizeof(std::uint32_t);
  if (object.is_null() || needed > header.size()) {
    return std::unexpected(Fault::implausible);
  }
  if (auto read = memory_.read(object, std::span(header).first(needed)); !read) {
    return std::unexpected(read.error());
  }
  std::uint64_t length = 0;
  std::uint32_t raw_state = 0;
  std::memcpy(&length, header.data() + layout_.unicode.length.bytes, sizeof length);
  std::memcpy(&raw_state, header.data() + layout_.unicode.state.bytes, sizeof raw_state);
  const TextState state = parse_state(raw_state, layout_);
  if (state.width == 0 || !state.compact || length > kMostCharacters) {
    return std::unexpected(Fault::implausible);
  }
  const std::size_t count = std::min<std::size_t>(length, most_characters);
  std::vector<std::byte> characters(count * state.width);
  const std::uint32_t data =
      state.ascii ? layout_.unicode.ascii_data : layout_.unicode.compact_data;
  if (auto read = memory_.read(object + data, characters); !read) {
    return std::unexpected(read.error());
  }
  std::string text = to_utf8(characters, state.width);
  if (count < length) {
    text += "…";
  }
  return text;
}

Faulty<void> ObjectReader::read_last(Address from, std::uint64_t size) {
  constexpr std::uint64_t kSmall = 65536;
  if (size > kSmall) {
    if (const auto last = memory_.read_value<char>(from + (size - 1)); !last) {
      return std::unexpected(last.error());
    }
  }
  return {};
}

Faulty<std::string> ObjectReader::read_bytes(Address object, std::size_t most_bytes) {
  if (object.is_null()) {
    return std::unexpected(Fault::implausible);
  }
  const Faulty<std::uint64_t> size = read_size(object);
  if (!size) {
    return std::unexpected(size.error());
  }
  if (*size > most_bytes) {
    return std::unexpected(Fault::too_large);
  }
  // A size that is a lie shall not cost the memory that it claims.
  if (const auto last = read_last(object + layout_.bytes.data.bytes, *size); !last) {
    return std::unexpected(last.error());
  }
  std::string content(*size, '\0');
  if (auto read = memory_.read(object + layout_.bytes.data.bytes,
                               std::as_writable_bytes(std::span(content)));
      !read) {
    return std::unexpected(read.error());
  }
  return content;
}

Faulty<std::vector<Address>> ObjectReader::read_tuple(Address object, std::size_t most_items) {
  if (object.is_null()) {
    return std::unexpected(Fault::implausible);
  }
  const Faulty<std::uint64_t> size = read_size(object);
  if (!size) {
    return std::unexpected(size.error());
  }
  std::vector<Address> items(std::min<std::size_t>(*size, most_items));
  if (auto read = memory_.read(object + layout_.tuple.items.bytes,
                               std::as_writable_bytes(std::span(items)));
      !read) {
    return std::unexpected(read.error());
  }
  return items;
}

std::vector<std::string> ObjectReader::read_text_tuple(Address object, std::size_t most_items) {
  std::vector<std::string> texts;
  const auto items = read_tuple(object, most_items);
  if (!items) {
    return texts;
  }
  constexpr std::size_t kMostNameCharacters = 256;
  texts.reserve(items->size());
  for (const Address item : *items) {
    texts.push_back(read_text(item, kMostNameCharacters).value_or("?"));
  }
  return texts;
}

Faulty<std::string> ObjectReader::read_type_name(Address object) {
  const auto type = memory_.read_pointer(object + layout_.object.type.bytes);
  if (!type) {
    return std::unexpected(type.error());
  }
  const auto name = memory_.read_pointer(*type + layout_.type.name.bytes);
  if (!name) {
    return std::unexpected(name.error());
  }
  // Names stand in C strings of unknown length near the end of a page at worst: read in steps.
  constexpr std::size_t kStep = 16;
  constexpr std::size_t kMostSteps = 8;
  std::string text;
  for (std::size_t step = 0; step < kMostSteps; ++step) {
    std::array<char, kStep> part{};
    if (!memory_.read(*name + step * kStep, std::as_writable_bytes(std::span(part)))) {
      return std::unexpected(Fault::unmapped);
    }
    const auto end = std::ranges::find(part, '\0');
    text.append(part.begin(), end);
    if (end != part.end()) {
      return text;
    }
  }
  return std::unexpected(Fault::implausible);
}

// Source: Include/cpython/longintrepr.h. Up to 3.11 the sign is that of ob_size; from 3.12 on the
// low bits of lv_tag hold it and the digits' count begins at bit 3.
std::string ObjectReader::read_integer(Address object) {
  const Address tag_at = object + (layout_.integer.digits.bytes - sizeof(std::uint64_t));
  const auto tag = memory_.read_value<std::int64_t>(tag_at);
  const auto digits =
      memory_.read_value<std::array<std::uint32_t, 2>>(object + layout_.integer.digits.bytes);
  if (!tag || !digits) {
    return "...";
  }
  std::int64_t count = *tag;
  bool negative = count < 0;
  if (layout_.version.at_least(12)) {
    count = *tag >> 3;
    negative = (*tag & 3) == 2;
  } else if (negative) {
    count = *tag >= -2 ? -*tag : 3;
  }
  if (count < 0 || count > 2) {
    return "...";
  }
  std::int64_t value = count > 0 ? (*digits)[0] : 0;
  value += count > 1 ? static_cast<std::int64_t>((*digits)[1]) << 30 : 0;
  return fmt::format("{}", negative ? -value : value);
}

std::string ObjectReader::read_constant(Address object) {
  const Faulty<std::string> type = read_type_name(object);
  constexpr std::size_t kMostTextCharacters = 60;
  if (!type) {
    return "...";
  }
  if (*type == "NoneType") {
    return "None";
  }
  if (*type == "bool") {
    return read_integer(object) == "0" ? "False" : "True";
  }
  if (*type == "int") {
    return read_integer(object);
  }
  if (*type == "float") {
    const auto value = memory_.read_value<double>(object + layout_.real.value.bytes);
    return value ? in_words(*value) : "...";
  }
  if (*type == "str") {
    const Faulty<std::string> text = read_text(object, kMostTextCharacters);
    return text ? quote(*text) : "...";
  }
  return "...";
}

}  // namespace lancehead::python
