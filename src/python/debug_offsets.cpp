#include "python/debug_offsets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace lancehead::python {
namespace {

constexpr std::string_view kCookie = "xdebugpy";
constexpr std::uint64_t kHighestPlausibleOffset = 1 << 24;

struct Header {
  std::array<char, 8> cookie;
  std::uint64_t version;
  std::uint64_t free_threaded;
};

const DebugOffsetsShape* find_shape(int minor) {
  const DebugOffsetsShape* best = nullptr;
  for (const DebugOffsetsShape& shape : known_debug_offsets()) {
    if (shape.minor <= minor) {
      best = &shape;
    }
  }
  return best;
}

// Takes values out of the raw structure and remembers whether all of them were plausible.
class OffsetReader {
 public:
  explicit OffsetReader(std::span<const std::byte> raw) : raw_(raw) {}

  void take(Offset& field, Offset at) {
    if (!at.present()) {
      return;
    }
    if (at.bytes + sizeof(std::uint64_t) > raw_.size()) {
      plausible_ = false;
      return;
    }
    std::uint64_t value = 0;
    std::memcpy(&value, raw_.data() + at.bytes, sizeof value);
    if (value >= kHighestPlausibleOffset) {
      plausible_ = false;
      return;
    }
    field = static_cast<std::uint32_t>(value);
  }

  void take(std::uint32_t& size, Offset at) {
    Offset value;
    take(value, at);
    if (value.present()) {
      size = value.bytes;
    }
  }

  [[nodiscard]] bool plausible() const { return plausible_; }

 private:
  std::span<const std::byte> raw_;
  bool plausible_ = true;
};

void take_interpreter(OffsetReader& reader, const DebugOffsetsShape& shape, Layout& layout) {
  reader.take(layout.runtime.finalizing, shape.runtime_state.finalizing);
  reader.take(layout.runtime.interpreters_head, shape.runtime_state.interpreters_head);
  const auto& state = shape.interpreter_state;
  reader.take(layout.interpreter.id, state.id);
  reader.take(layout.interpreter.next, state.next);
  reader.take(layout.interpreter.threads_head, state.threads_head);
  reader.take(layout.interpreter.modules, state.imports_modules);
  reader.take(layout.interpreter.gil_pointer, state.ceval_gil);
  reader.take(layout.interpreter.code_object_generation, state.code_object_generation);
  Offset gc;
  Offset collecting;
  reader.take(gc, state.gc);
  reader.take(collecting, shape.gc.collecting);
  if (gc.present() && collecting.present()) {
    layout.interpreter.gc_collecting = gc.bytes + collecting.bytes;
  }
}

void take_thread_and_frame(OffsetReader& reader, const DebugOffsetsShape& shape, Layout& layout) {
  const auto& thread = shape.thread_state;
  reader.take(layout.thread.size, thread.size);
  reader.take(layout.thread.next, thread.next);
  reader.take(layout.thread.interp, thread.interp);
  reader.take(layout.thread.frame, thread.current_frame);
  reader.take(layout.thread.thread_id, thread.thread_id);
  reader.take(layout.thread.native_thread_id, thread.native_thread_id);
  reader.take(layout.thread.datastack_chunk, thread.datastack_chunk);
  const auto& frame = shape.interpreter_frame;
  reader.take(layout.frame.previous, frame.previous);
  reader.take(layout.frame.code, frame.executable);
  reader.take(layout.frame.instruction, frame.instr_ptr);
  reader.take(layout.frame.owner, frame.owner);
  reader.take(layout.frame.size, frame.localsplus);
  if (layout.free_threaded) {
    reader.take(layout.frame.tlbc_index, frame.tlbc_index);
    reader.take(layout.code.tlbc, shape.code_object.co_tlbc);
  }
}

void take_objects(OffsetReader& reader, const DebugOffsetsShape& shape, Layout& layout) {
  const auto& code = shape.code_object;
  reader.take(layout.code.filename, code.filename);
  reader.take(layout.code.name, code.name);
  reader.take(layout.code.qualified_name, code.qualname);
  reader.take(layout.code.line_table, code.linetable);
  reader.take(layout.code.first_line, code.firstlineno);
  reader.take(layout.code.argument_count, code.argcount);
  reader.take(layout.code.variables, code.localsplusnames);
  reader.take(layout.code.bytecode, code.co_code_adaptive);
  reader.take(layout.object.type, shape.pyobject.ob_type);
  reader.take(layout.type.name, shape.type_object.tp_name);
  reader.take(layout.type.flags, shape.type_object.tp_flags);
  reader.take(layout.tuple.items, shape.tuple_object.ob_item);
  reader.take(layout.object.size, shape.tuple_object.ob_size);
  reader.take(layout.bytes.data, shape.bytes_object.ob_sval);
  reader.take(layout.unicode.state, shape.unicode_object.state);
  reader.take(layout.unicode.length, shape.unicode_object.length);
  reader.take(layout.unicode.ascii_data, shape.unicode_object.asciiobject_size);
}

// What the offsets do not cover, for a version newer than all known ones, is taken from the newest
// known one; what would be dangerous if it had moved is dropped.
Layout base_layout(code::PythonVersion version, bool free_threaded) {
  if (const Layout* known = find_known_layout(version, free_threaded)) {
    return *known;
  }
  const std::span<const Layout> all = known_layouts();
  Layout newest = all.back();
  for (const Layout& layout : all) {
    if (layout.free_threaded == free_threaded) {
      newest = layout;
    }
  }
  newest.thread.current_executor = {};
  newest.thread.datastack_top = {};
  return newest;
}

// Whether a field of eight bytes, where there is one, lies within so many.
bool is_within(std::uint32_t size, std::initializer_list<Offset> fields) {
  return std::ranges::all_of(fields, [&](Offset field) {
    return !field.present() || (field.bytes < size && size - field.bytes >= sizeof(std::uint64_t));
  });
}

// The heads of these structures are read as a whole, and their fields taken out of that.
bool in_order(const Layout& layout) {
  const ThreadLayout& thread = layout.thread;
  const FrameLayout& frame = layout.frame;
  const UnicodeLayout& text = layout.unicode;
  return thread.size < 16384 && frame.size < 512 &&
         is_within(thread.size, {thread.next, thread.interp, thread.frame, thread.thread_id,
                                 thread.native_thread_id, thread.datastack_chunk}) &&
         is_within(frame.size, {frame.previous, frame.code, frame.instruction}) &&
         frame.owner.bytes < frame.size &&
         (!frame.tlbc_index.present() || frame.tlbc_index.bytes < frame.size) &&
         is_within(text.ascii_data, {text.length, text.state}) && text.ascii_data <= 64 &&
         layout.code.bytecode.bytes > layout.code.line_table.bytes;
}

}  // namespace

Faulty<DescribedLayout> read_debug_offsets(target::Memory& memory, target::Address runtime) {
  const Faulty<Header> header = memory.read_value<Header>(runtime);
  if (!header) {
    return std::unexpected(header.error());
  }
  const auto version = code::PythonVersion::from_hex(static_cast<std::uint32_t>(header->version));
  const DebugOffsetsShape* shape = find_shape(version.minor);
  if (std::string_view(header->cookie.data(), header->cookie.size()) != kCookie ||
      version.major != 3 || shape == nullptr) {
    return std::unexpected(Fault::implausible);
  }
  std::vector<std::byte> raw(shape->size);
  if (const Faulty<void> read = memory.read(runtime, raw); !read) {
    return std::unexpected(read.error());
  }
  DescribedLayout described{.layout = base_layout(version, header->free_threaded != 0),
                            .warning = {}};
  Layout& layout = described.layout;
  layout.version = version;
  layout.free_threaded = header->free_threaded != 0;
  OffsetReader reader(raw);
  take_interpreter(reader, *shape, layout);
  take_thread_and_frame(reader, *shape, layout);
  take_objects(reader, *shape, layout);
  if (!reader.plausible() || !in_order(layout)) {
    return std::unexpected(Fault::implausible);
  }
  if (shape->minor != version.minor) {
    described.warning = fmt::format(
        "Python 3.{} is newer than this lancehead knows (3.{}); its layout was read from the "
        "process itself and may be misunderstood.",
        version.minor, shape->minor);
  }
  return described;
}

}  // namespace lancehead::python
