#include "python/code_object.h"

#include <cstring>
#include <iterator>
#include <optional>

#include "python/object_reader.h"

namespace lancehead::python {
namespace {

using target::Address;

constexpr std::size_t kMostBytecode = 16U << 20U;
constexpr std::size_t kMostTable = 16U << 20U;
constexpr std::size_t kMostNames = 1U << 16U;
constexpr std::size_t kMostConstants = 4096;

// Zero where the field is absent or not within the bytes.
template <typename T>
T load(std::span<const std::byte> bytes, Offset field) {
  T value{};
  if (field.present() && field.bytes + sizeof value <= bytes.size()) {
    std::memcpy(&value, bytes.data() + field.bytes, sizeof value);
  }
  return value;
}

// Reads fields of one code object; the first fault stays.
class FieldReader {
 public:
  FieldReader(target::Memory& memory, const Layout& layout, Address code)
      : memory_(memory), objects_(memory, layout), layout_(layout), code_(code) {}

  Address pointer(Offset field) {
    if (!field.present()) {
      return {};
    }
    return keep(memory_.read_pointer(code_ + field.bytes), Address{});
  }

  std::uint32_t number(Offset field) {
    return keep(memory_.read_value<std::uint32_t>(code_ + field.bytes), std::uint32_t{0});
  }

  std::string text(Offset field) {
    const Address object = pointer(field);
    return object.is_null() ? std::string() : keep(objects_.read_text(object), std::string());
  }

  std::string bytes(Offset field, std::size_t most) {
    const Address object = pointer(field);
    return object.is_null() ? std::string()
                            : keep(objects_.read_bytes(object, most), std::string());
  }

  void append_texts(Offset field, std::vector<std::string>& texts) {
    const Address object = pointer(field);
    if (!object.is_null()) {
      std::vector<std::string> more = objects_.read_text_tuple(object, kMostNames);
      texts.insert(texts.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    }
  }

  std::vector<std::string> constants() {
    std::vector<std::string> texts;
    if (const auto items = objects_.read_tuple(pointer(layout_.code.constants), kMostConstants)) {
      for (const Address item : *items) {
        texts.push_back(objects_.read_constant(item));
      }
    }
    return texts;
  }

  std::string bytecode() {
    if (layout_.frames_are_objects()) {
      return bytes(layout_.code.bytecode, kMostBytecode);
    }
    const std::uint64_t units = keep(objects_.read_size(code_), std::uint64_t{0});
    if (units > kMostBytecode / 2) {
      fault_ = Fault::too_large;
      return {};
    }
    const Address begin = code_ + layout_.code.bytecode.bytes;
    if (const auto last = objects_.read_last(begin, units * 2); !last) {
      keep(last);
      return {};
    }
    std::string instructions(units * 2, '\0');
    keep(memory_.read(begin, std::as_writable_bytes(std::span(instructions))));
    return instructions;
  }

  [[nodiscard]] std::optional<Fault> fault() const { return fault_; }

 private:
  template <typename T>
  T keep(const Faulty<T>& read, T otherwise) {
    keep_fault(read);
    return read ? *read : otherwise;
  }
  void keep(const Faulty<void>& read) { keep_fault(read); }

  template <typename T>
  void keep_fault(const Faulty<T>& read) {
    if (!read && !fault_) {
      fault_ = read.error();
    }
  }

  target::Memory& memory_;
  ObjectReader objects_;
  const Layout& layout_;
  Address code_;
  std::optional<Fault> fault_;
};

}  // namespace

Faulty<CodeObject> read_code_object(target::Memory& memory, const Layout& layout, Address address) {
  FieldReader fields(memory, layout, address);
  const CodeLayout& at = layout.code;
  CodeObject code;
  code.name = fields.text(at.name);
  code.qualified_name = at.qualified_name.present() ? fields.text(at.qualified_name) : code.name;
  code.filename = fields.text(at.filename);
  code.first_line = fields.number(at.first_line);
  code.flags = fields.number(at.flags);
  code.argument_count = fields.number(at.argument_count);
  code.bytecode = fields.bytecode();
  code.line_table = fields.bytes(at.line_table, kMostTable);
  code.exception_table = fields.bytes(at.exception_table, kMostTable);
  if (const auto fault = fields.fault()) {
    return std::unexpected(*fault);
  }
  if (code.bytecode.empty()) {
    return std::unexpected(Fault::implausible);
  }
  return code;
}

void read_code_details(target::Memory& memory, const Layout& layout, Address address,
                       CodeObject& code) {
  FieldReader fields(memory, layout, address);
  const CodeLayout& at = layout.code;
  fields.append_texts(at.names, code.names);
  fields.append_texts(at.variables, code.variables);
  fields.append_texts(at.cell_variables, code.variables);
  fields.append_texts(at.free_variables, code.variables);
  code.constants = fields.constants();
}

Address decode_code_name(const Layout& layout, std::span<const std::byte> code_head) {
  return {load<std::uint64_t>(code_head, layout.code.name)};
}

// From 3.14 on bits 32 to 47 are of use while memory is debugged only, and the flags above them;
// before, no count is as large. A link to other memory has bits there.
bool is_alive(const Layout& layout, std::span<const std::byte> head) {
  std::uint64_t word = 0;
  if (layout.free_threaded || head.size() < sizeof word) {
    return true;
  }
  std::memcpy(&word, head.data(), sizeof word);
  constexpr std::uint64_t kCount = 0xFFFFFFFF;
  constexpr std::uint64_t kNeverSet = 0xFFFF'0000'0000;
  return (word & kCount) != 0 && (word & kNeverSet) == 0;
}

CodeIdentity decode_code_identity(const Layout& layout, std::span<const std::byte> code_head,
                                  std::span<const std::byte> name_head) {
  const CodeLayout& at = layout.code;
  const Offset name_hash = layout.unicode.length.bytes + sizeof(std::uint64_t);
  return {.size = load<std::uint64_t>(code_head, layout.object.size),
          .constants = {load<std::uint64_t>(code_head, at.constants)},
          .names = {load<std::uint64_t>(code_head, at.names)},
          .filename = {load<std::uint64_t>(code_head, at.filename)},
          .name = {load<std::uint64_t>(code_head, at.name)},
          .line_table = {load<std::uint64_t>(code_head, at.line_table)},
          .first_line = load<std::uint32_t>(code_head, at.first_line),
          .flags = load<std::uint32_t>(code_head, at.flags),
          .name_length = load<std::uint64_t>(name_head, layout.unicode.length),
          .name_hash = load<std::uint64_t>(name_head, name_hash)};
}

Faulty<Address> read_bytecode_address(target::Memory& memory, const Layout& layout, Address code) {
  if (!layout.frames_are_objects()) {
    return code + layout.code.bytecode.bytes;
  }
  const auto object = memory.read_pointer(code + layout.code.bytecode.bytes);
  if (!object) {
    return std::unexpected(object.error());
  }
  return *object + layout.bytes.data.bytes;
}

}  // namespace lancehead::python
