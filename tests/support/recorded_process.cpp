#include "support/recorded_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <vector>

#include "code/instructions.h"
#include "code/line_table.h"
#include "code/opcodes.h"
#include "python/debug_offsets.h"
#include "python/frame_copy.h"
#include "python/thread_names.h"
#include "python/thread_state.h"

namespace lancehead::testing {
namespace {

using python::CodeObject;
using python::Layout;
using python::RawFrame;
using target::Address;
using target::Memory;

std::span<const std::uint8_t> as_octets(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

void escape_newlines(std::string& line) {
  for (std::size_t at = line.find('\n'); at != std::string::npos; at = line.find('\n', at)) {
    line.replace(at, 1, "\\n");
  }
}

std::string bytecode_in_words(const CodeObject& code, code::PythonVersion version) {
  const code::OpcodeTable* table = code::opcodes_of(version);
  if (table == nullptr) {
    return "?";
  }
  return hex(code::deopt(*table, as_octets(code.bytecode)).bytes);
}

void describe_code(const CodeObject& code, code::PythonVersion version,
                   std::vector<std::string>& lines) {
  const auto add = [&](std::string_view fact, const std::string& value) {
    lines.push_back(fmt::format("code {} {} {}", code.qualified_name, fact, value));
  };
  add("name", code.name);
  add("file", code.filename);
  add("first line", std::to_string(code.first_line));
  add("arguments", std::to_string(code.argument_count));
  add("flags", std::to_string(code.flags));
  add("bytecode", bytecode_in_words(code, version));
  add("line table", hex(as_octets(code.line_table)));
  add("exception table", hex(as_octets(code.exception_table)));
  add("names", fmt::format("{}", fmt::join(code.names, "|")));
  add("variables", fmt::format("{}", fmt::join(code.variables, "|")));
  add("constants", fmt::format("{}", fmt::join(code.constants, "|")));
}

std::uint32_t line_of(const CodeObject& code, const Layout& layout, const RawFrame& frame,
                      Address bytecode) {
  const code::PositionTable table =
      code::decode_line_table(code::line_table_format(layout.version), as_octets(code.line_table),
                              code.first_line, static_cast<std::uint32_t>(code.bytecode.size()));
  const auto place = table.lookup(python::instruction_offset(layout, frame.instruction, bytecode));
  return place ? place->line : code::kNoLine;
}

Faulty<std::string> stack_in_words(Memory& memory, const Layout& layout,
                                   const python::RawStack& stack) {
  std::vector<std::string> frames;
  for (const RawFrame& frame : std::views::reverse(stack)) {
    const Faulty<std::string> words = frame_in_words(memory, layout, frame);
    if (!words) {
      return std::unexpected(words.error());
    }
    frames.push_back(*words);
  }
  return fmt::format("stack {}", fmt::join(frames, " > "));
}

Faulty<void> describe_codes(Memory& memory, const Layout& layout, const std::set<Address>& codes,
                            std::vector<std::string>& lines) {
  for (const Address address : codes) {
    Faulty<CodeObject> code = python::read_code_object(memory, layout, address);
    if (!code) {
      return std::unexpected(code.error());
    }
    python::read_code_details(memory, layout, address, *code);
    describe_code(*code, layout.version, lines);
  }
  return {};
}

void describe_names(Memory& memory, const Layout& layout, Address interpreter,
                    std::span<const Address> threads, std::vector<std::string>& lines) {
  std::vector<std::uint64_t> pthreads;
  for (const Address thread : threads) {
    const auto pthread = memory.read_value<std::uint64_t>(thread + layout.thread.thread_id.bytes);
    pthreads.push_back(pthread.value_or(0));
  }
  python::ThreadNames names(memory, layout);
  // An interpreter that never imported `threading` has none.
  const auto read = names.read(interpreter, pthreads);
  for (const std::string& name : read.value_or(std::vector<std::string>())) {
    if (!name.empty()) {
      lines.push_back("thread name " + name);
    }
  }
}

}  // namespace

std::optional<PythonProcess> describe_recorded(target::RecordedMemory& memory) {
  const Address runtime{memory.image.marks[kRuntimeMark]};
  const auto version =
      code::PythonVersion::from_hex(static_cast<std::uint32_t>(memory.image.marks[kVersionMark]));
  if (version.at_least(13)) {
    const auto described = python::read_debug_offsets(memory, runtime);
    return described ? std::optional(PythonProcess{runtime, described->layout}) : std::nullopt;
  }
  const Layout* known = python::find_known_layout(version, false);
  if (known == nullptr) {
    return std::nullopt;
  }
  PythonProcess process{runtime, *known};
  process.layout.version = version;
  return process;
}

Faulty<python::RawStack> read_stack(Memory& memory, const Layout& layout, Address thread) {
  std::vector<std::byte> head(python::thread_head_size(layout));
  if (const auto read = memory.read(thread, head); !read) {
    return std::unexpected(read.error());
  }
  const python::ThreadState state = python::decode_thread_state(layout, head);
  Address top = state.frame;
  if (layout.thread.cframe.present() && !state.cframe.is_null()) {
    const auto frame = memory.read_pointer(state.cframe + layout.cframe.frame.bytes);
    if (!frame) {
      return std::unexpected(frame.error());
    }
    top = *frame;
  }
  python::FrameCopy copy(memory, layout);
  python::RawStack stack;
  const auto end = python::walk_frames(copy, layout, top, stack);
  if (!end) {
    return std::unexpected(end.error());
  }
  return stack;
}

Faulty<std::string> frame_in_words(Memory& memory, const Layout& layout, const RawFrame& frame) {
  const Faulty<CodeObject> code = python::read_code_object(memory, layout, frame.code);
  if (!code) {
    return std::unexpected(code.error());
  }
  const Faulty<Address> bytecode = python::read_bytecode_address(memory, layout, frame.code);
  if (!bytecode) {
    return std::unexpected(bytecode.error());
  }
  return fmt::format("{} ({}:{})", code->name, code->filename,
                     line_of(*code, layout, frame, *bytecode));
}

Faulty<std::string> describe_in_words(Memory& memory, const PythonProcess& process) {
  const Layout& layout = process.layout;
  const auto interpreters = python::list_interpreters(memory, layout, process.runtime);
  if (!interpreters) {
    return std::unexpected(interpreters.error());
  }
  std::vector<std::string> lines;
  std::vector<std::int64_t> ids;
  std::set<Address> codes;
  std::size_t waiting = 0;
  for (const python::Interpreter& interpreter : *interpreters) {
    ids.push_back(interpreter.id);
    const auto threads = python::list_threads(memory, layout, interpreter.address);
    if (!threads) {
      return std::unexpected(threads.error());
    }
    describe_names(memory, layout, interpreter.address, *threads, lines);
    for (const Address thread : *threads) {
      const auto stack = read_stack(memory, layout, thread);
      const auto words = stack ? stack_in_words(memory, layout, *stack)
                               : Faulty<std::string>(std::unexpected(stack.error()));
      if (!words) {
        return std::unexpected(words.error());
      }
      if (!stack->empty()) {
        lines.push_back(*words);
        ++waiting;
      }
      for (const RawFrame& frame : *stack) {
        codes.insert(frame.code);
      }
    }
  }
  std::ranges::sort(ids);
  lines.push_back(fmt::format("interpreters {}", fmt::join(ids, " ")));
  lines.push_back(fmt::format("threads waiting {}", waiting));
  if (const auto described = describe_codes(memory, layout, codes, lines); !described) {
    return std::unexpected(described.error());
  }
  std::ranges::for_each(lines, escape_newlines);
  std::ranges::sort(lines);
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace lancehead::testing
