#include "agent/code_counter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "code/instructions.h"
#include "code/opcodes.h"
#include "python/frame_copy.h"
#include "python/thread_state.h"

namespace lancehead::agent {
namespace {

std::vector<std::uint8_t> as_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

code::CodeText text_of(const python::CodeObject& code, code::PythonVersion version) {
  const code::OpcodeTable* opcodes = code::opcodes_of(version);
  return {.version = version,
          .bytecode = opcodes == nullptr ? as_bytes(code.bytecode)
                                         : code::deopt(*opcodes, as_bytes(code.bytecode)).bytes,
          .line_table = as_bytes(code.line_table),
          .exception_table = as_bytes(code.exception_table),
          .first_line = code.first_line};
}

}  // namespace

// One code object on its way.
struct CodeCounter::Parts {
  CodeRecord record;
  code::CodeText text;
  std::optional<code::FlowGraph> graph;
  code::ProbePlan plan;
  code::RewrittenCode rewritten;
  Counters probes, raised;
  CountedCode* counted = nullptr;
};

CodeCounter::CodeCounter(const PythonApi& api, const python::Layout& layout, ShareWriter& share,
                         CodeFilter filter, bool counts, const CallProbes* calls)
    : api_(api),
      layout_(layout),
      share_(share),
      filter_(std::move(filter)),
      counts_(counts),
      calls_(calls),
      probes_(api, layout.free_threaded) {}

bool CodeCounter::is_code(Object* object) const {
  TypeObject* type = nullptr;
  std::memcpy(&type, reinterpret_cast<const char*>(object) + layout_.object.type.bytes,
              sizeof type);
  return type == api_.code_type;
}

std::string CodeCounter::filename_of(Object* code) {
  const ObjectRef name(api_, api_.PyObject_GetAttrString(code, "co_filename"));
  const char* text = name ? api_.PyUnicode_AsUTF8(name.get()) : nullptr;
  if (text == nullptr) {
    api_.PyErr_Clear();
    return {};
  }
  return text;
}

void CodeCounter::refuse(const python::CodeObject& code, std::string_view reason) {
  if (!counts_) {
    return;  // its calls are seen all the same
  }
  const std::string& name = code.qualified_name.empty() ? code.name : code.qualified_name;
  share_.write(RecordKind::uncounted, encode(UncountedRecord{.filename = code.filename,
                                                             .name = name,
                                                             .first_line = code.first_line,
                                                             .reason = std::string(reason)}));
}

std::optional<CodeCounter::Parts> CodeCounter::read_parts(Object* code) {
  auto object = python::read_code_object(memory_, layout_, address_of(code));
  const ObjectRef stack_size(api_, api_.PyObject_GetAttrString(code, "co_stacksize"));
  const ObjectRef constants(api_, api_.PyObject_GetAttrString(code, "co_consts"));
  if (!object || !stack_size || !constants) {
    api_.PyErr_Clear();
    return std::nullopt;
  }
  python::read_code_details(memory_, layout_, address_of(code), *object);
  Parts parts;
  parts.text = text_of(*object, layout_.version);
  parts.record.code = std::move(*object);
  parts.record.constant_count = static_cast<std::uint32_t>(api_.PyTuple_Size(constants.get()));
  parts.record.stack_size = static_cast<std::uint32_t>(api_.PyLong_AsLong(stack_size.get()));
  return parts;
}

// Plans the probes and gets their counters; says why not where it cannot be.
bool CodeCounter::count_parts(Parts& parts) {
  auto graph = code::FlowGraph::build(parts.text);
  if (!graph) {
    refuse(parts.record.code, to_string(graph.error()));
    return false;
  }
  parts.graph = std::move(*graph);
  if (counts_) {
    parts.plan = code::plan_probes(*parts.graph, layout_.version);
  }
  parts.record.counted = counts_;
  parts.record.calls_probed = calls_ != nullptr;
  auto rewritten = code::rewrite(
      parts.text, *parts.graph, parts.plan, parts.record.constant_count, parts.record.stack_size,
      calls_ != nullptr ? code::CallProbing::calls : code::CallProbing::none);
  if (!rewritten) {
    refuse(parts.record.code, to_string(rewritten.error()));
    return false;
  }
  parts.rewritten = std::move(*rewritten);
  parts.record.probe_count = static_cast<std::uint32_t>(parts.plan.probes.size());
  parts.record.instruction_count = static_cast<std::uint32_t>(parts.graph->instructions().size());
  return add_counters(parts);
}

bool CodeCounter::add_counters(Parts& parts) {
  CountedCode& counted = codes_.emplace_back();
  parts.counted = &counted;
  if (!counts_) {
    return true;
  }
  parts.probes = share_.new_counters(parts.record.probe_count);
  parts.raised = share_.new_counters(parts.record.instruction_count);
  if (parts.probes.first == nullptr || parts.raised.first == nullptr) {
    refuse(parts.record.code, "there is no room for its counters");
    return false;
  }
  parts.record.probes = parts.probes.place;
  parts.record.raised = parts.raised.place;

  counted.raised = parts.raised.first;
  for (const std::uint32_t origin : parts.rewritten.origin) {
    const std::uint32_t instruction = parts.graph->instruction_at(origin);
    counted.instruction.push_back(instruction == CountedCode::kNone
                                      ? CountedCode::kNone
                                      : parts.graph->raising_instruction(instruction));
  }
  for (std::uint32_t i = 0; i < parts.record.instruction_count; ++i) {
    counted.handler.push_back(parts.graph->handler_of(i));
  }
  return true;
}

Object* CodeCounter::make_probe(const Parts& parts, std::size_t number) {
  const code::Probe& probe = parts.plan.probes[number];
  std::uint64_t* counter = parts.probes.first + number;
  switch (probe.place) {
    case code::ProbePlace::on_handler:
      return probes_.new_exception_probe(*parts.counted, probe.block, counter);
    case code::ProbePlace::on_escape:
      return probes_.new_exception_probe(*parts.counted, code::BlockId(), nullptr);
    default: return probes_.new_counter(counter);
  }
}

// The constants with the functions inside it counted, and the probes behind them. A constant may
// also be a tuple of code in no version.
ObjectRef CodeCounter::make_constants(Object* code, Parts& parts) {
  const ObjectRef old(api_, api_.PyObject_GetAttrString(code, "co_consts"));
  const std::size_t count = parts.record.constant_count;
  const std::size_t probes = parts.plan.probes.size();
  const std::size_t call_probes = calls_ != nullptr ? 3 : 0;
  ObjectRef made(api_, api_.PyTuple_New(static_cast<std::ptrdiff_t>(count + probes + call_probes)));
  if (!old || !made) {
    return {api_, nullptr};
  }
  for (std::size_t i = 0; i < count; ++i) {
    Object* constant = api_.PyTuple_GetItem(old.get(), static_cast<std::ptrdiff_t>(i));
    Object* use = is_code(constant) ? counted(constant) : constant;
    api_.Py_IncRef(use);
    api_.PyTuple_SetItem(made.get(), static_cast<std::ptrdiff_t>(i), use);
  }
  for (std::size_t i = 0; i < parts.plan.probes.size(); ++i) {
    Object* probe = make_probe(parts, i);
    if (probe == nullptr) {
      return {api_, nullptr};
    }
    api_.PyTuple_SetItem(made.get(), static_cast<std::ptrdiff_t>(count + i), probe);
  }
  for (std::size_t i = 0; i < call_probes; ++i) {
    Object* probe = i == 0   ? calls_->new_begin(*parts.counted)
                    : i == 1 ? calls_->new_end(*parts.counted)
                             : calls_->new_enter(*parts.counted);
    if (probe == nullptr) {
      return {api_, nullptr};
    }
    api_.PyTuple_SetItem(made.get(), static_cast<std::ptrdiff_t>(count + probes + i), probe);
  }
  return made;
}

ObjectRef CodeCounter::make_code(Object* code, Parts& parts) {
  const auto bytes = [&](const std::vector<std::uint8_t>& from) {
    return ObjectRef(api_,
                     api_.PyBytes_FromStringAndSize(reinterpret_cast<const char*>(from.data()),
                                                    static_cast<std::ptrdiff_t>(from.size())));
  };
  const ObjectRef arguments(api_, api_.PyDict_New());
  const auto set = [&](const char* name, const ObjectRef& value) {
    return value && api_.PyDict_SetItemString(arguments.get(), name, value.get()) == 0;
  };
  const bool has_guards = layout_.version.at_least(11);
  const char* lines = layout_.version.at_least(10) ? "co_linetable" : "co_lnotab";
  const bool all =
      arguments && set("co_consts", make_constants(code, parts)) &&
      set("co_code", bytes(parts.rewritten.bytecode)) &&
      set(lines, bytes(parts.rewritten.line_table)) &&
      (!has_guards || set("co_exceptiontable", bytes(parts.rewritten.exception_table))) &&
      set("co_stacksize",
          ObjectRef(api_, api_.PyLong_FromLong(static_cast<long>(parts.rewritten.stack_size))));
  const ObjectRef replace(api_, api_.PyObject_GetAttrString(code, "replace"));
  const ObjectRef none(api_, api_.PyTuple_New(0));
  if (!all || !replace || !none) {
    return {api_, nullptr};
  }
  return {api_, api_.PyObject_Call(replace.get(), none.get(), arguments.get())};
}

// What runs is `in_place`, if there is one, else what is made.
ObjectRef CodeCounter::rewritten(Object* code, Object* in_place) {
  auto parts = read_parts(code);
  if (!parts || !count_parts(*parts)) {
    return {api_, nullptr};
  }
  ObjectRef made = make_code(code, *parts);
  if (!made) {
    refuse(parts->record.code, "the interpreter refused the counted form of it");
    return made;
  }
  Object* runs = in_place != nullptr ? in_place : made.get();
  parts->counted->rewritten = runs;
  parts->record.rewritten = address_of(runs).value;
  parts->counted->record = share_.record_count();
  share_.write(RecordKind::code, encode(parts->record));
  by_rewritten_.emplace(runs, parts->counted);
  return made;
}

Object* CodeCounter::counted(Object* code) {
  if (const auto found = replacements_.find(code); found != replacements_.end()) {
    return found->second;
  }
  return by_rewritten_.contains(code) || (!always_ && !filter_.counts(filename_of(code)))
             ? code
             : replacement_of(code);
}

Object* CodeCounter::replacement_of(Object* code) {
  if (const auto found = replacements_.find(code); found != replacements_.end()) {
    return found->second;
  }
  ObjectRef made = rewritten(code, nullptr);
  api_.PyErr_Clear();
  Object* result = made ? made.release() : code;
  // Kept, so that no other code object ever stands at this address.
  api_.Py_IncRef(code);
  replacements_.emplace(code, result);
  if (result != code) {
    originals_.emplace(result, code);
  }
  return result;
}

void CodeCounter::choose(Object* function) {
  const ObjectRef code(
      api_, function == nullptr ? nullptr : api_.PyObject_GetAttrString(function, "__code__"));
  if (!code || !is_code(code.get())) {
    api_.PyErr_Clear();
    return;
  }
  Object* runs = code.get();
  if (!by_rewritten_.contains(runs)) {
    runs = replacement_of(runs);
    if (runs == code.get() || api_.PyObject_SetAttrString(function, "__code__", runs) != 0) {
      api_.PyErr_Clear();
      return;
    }
  }
  if (const auto found = by_rewritten_.find(runs);
      found != by_rewritten_.end() && chosen_.insert(runs).second) {
    share_.write(RecordKind::chosen, encode(ChosenRecord{.record = found->second->record}));
  }
}

Object* CodeCounter::original(Object* code) const {
  const auto found = originals_.find(code);
  return found == originals_.end() ? code : found->second;
}

void CodeCounter::count_in_place(Object* code) {
  if (by_rewritten_.contains(code) || !filter_.counts(filename_of(code))) {
    return;
  }
  const ObjectRef made = rewritten(code, code);
  api_.PyErr_Clear();
  if (!made) {
    return;
  }
  api_.Py_IncRef(code);
  const python::CodeLayout& layout = layout_.code;
  auto* to = reinterpret_cast<char*>(code);
  auto* from = reinterpret_cast<char*>(made.get());
  // Each gets the parts of the other, so that all are freed in the end.
  for (const python::Offset part : {layout.bytecode, layout.constants, layout.line_table}) {
    std::swap(*reinterpret_cast<Object**>(to + part.bytes),
              *reinterpret_cast<Object**>(from + part.bytes));
  }
  // co_stacksize, co_flags and co_firstlineno are neighbours.
  constexpr std::size_t kBefore = 2 * sizeof(int);
  std::memcpy(to + layout.first_line.bytes - kBefore, from + layout.first_line.bytes - kBefore,
              sizeof(int));
}

void CodeCounter::escaped(Object* code, std::int64_t offset) {
  const auto found = by_rewritten_.find(code);
  if (found == by_rewritten_.end()) {
    return;
  }
  const CountedCode& counted = *found->second;
  const std::uint32_t raising = counted.raising_at(offset);
  if (raising != CountedCode::kNone && counted.handler[raising].is_none()) {
    ++counted.raised[raising];
  }
}

void CodeCounter::begin_child() {
  if (!counts_) {
    return;
  }
  tell_frames(true, false);
}

void CodeCounter::add_frames(target::Address thread, FramesRecord& record) {
  std::vector<std::byte> head(python::thread_head_size(layout_));
  if (!memory_.read(thread, head)) {
    return;
  }
  const python::ThreadState state = python::decode_thread_state(layout_, head);
  target::Address top = state.frame;
  if (layout_.thread.cframe.present()) {
    top =
        memory_.read_pointer(state.cframe + layout_.cframe.frame.bytes).value_or(target::Address{});
  }
  python::FrameCopy copy(memory_, layout_);
  python::RawStack stack;
  // What could be walked is told.
  [[maybe_unused]] const auto walked = python::walk_frames(copy, layout_, top, stack);
  for (const python::RawFrame& frame : stack) {
    const auto found = by_rewritten_.find(reinterpret_cast<Object*>(frame.code.value));
    if (found == by_rewritten_.end()) {
      continue;
    }
    const auto bytecode = python::read_bytecode_address(memory_, layout_, frame.code);
    const std::int32_t offset =
        bytecode ? python::instruction_offset(layout_, frame.instruction, *bytecode) : -1;
    const std::uint32_t instruction = found->second->raising_at(offset);
    if (instruction != CountedCode::kNone) {
      record.frames.push_back({.record = found->second->record, .instruction = instruction});
    }
  }
}

void CodeCounter::tell_frames(bool began, bool all_threads) {
  if (!counts_) {
    return;
  }
  FramesRecord record{.began = began};
  if (!all_threads) {
    if (void* thread = api_.current_thread()) {
      add_frames(address_of(thread), record);
    }
  } else if (const auto interpreters =
                 python::list_interpreters(memory_, layout_, address_of(api_.runtime))) {
    for (const python::Interpreter& interpreter : *interpreters) {
      for (const target::Address thread :
           python::list_threads(memory_, layout_, interpreter.address)
               .value_or(std::vector<target::Address>())) {
        add_frames(thread, record);
      }
    }
  }
  share_.write(RecordKind::frames, encode(record));
}

void CodeCounter::disarm(Object* code) {
  const code::OpcodeTable* opcodes = code::opcodes_of(layout_.version);
  auto object = python::read_code_object(memory_, layout_, address_of(code));
  if (opcodes == nullptr || !object) {
    return;
  }
  const auto graph = code::FlowGraph::build(text_of(*object, layout_.version));
  if (!graph) {
    return;
  }
  // Behind the RESUME: return a constant. What is shorter than that does nothing.
  if (graph->prologue_size() == 0) {
    return;
  }
  const code::Instruction& resume = graph->instructions()[graph->prologue_size() - 1];
  const std::array<std::uint8_t, 4> nothing = {
      code::ControlFlowTable::opcode(*opcodes, "LOAD_CONST"), 0,
      code::ControlFlowTable::opcode(*opcodes, "RETURN_VALUE"), 0};
  if (resume.end() + nothing.size() <= object->bytecode.size()) {
    std::memcpy(reinterpret_cast<char*>(code) + layout_.code.bytecode.bytes + resume.end(),
                nothing.data(), nothing.size());
  }
}

}  // namespace lancehead::agent
