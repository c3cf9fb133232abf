// Where the fields that lancehead reads stand in CPython's structures.
//
// One Layout describes one build. For 3.8 to 3.12 it comes from a table made from the headers
// (known_layouts.cpp) and is believed only behind sanity checks; from 3.13 on `_Py_DebugOffsets`,
// which the runtime itself carries, overrules the table (debug_offsets.h).
#pragma once

#include <cstdint>
#include <span>

#include "code/python_version.h"

namespace lancehead::python {

// A byte offset within a structure; absent where this version has no such field.
struct Offset {
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;
  std::uint32_t bytes = kAbsent;

  constexpr Offset() = default;
  // Implicit, so that tables of offsets read as tables of numbers.
  constexpr Offset(std::uint32_t value) : bytes(value) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr bool present() const { return bytes != kAbsent; }
};

struct RuntimeLayout {
  Offset interpreters_head, finalizing;
  Offset tstate_current;  // up to 3.11: the thread state that has the GIL
  Offset gil;             // up to 3.11: the GIL itself; later it hangs off the interpreter
  Offset gc_collecting;   // 3.8 only
};

struct InterpreterLayout {
  Offset next, id, threads_head, modules;
  Offset gc_collecting;           // from 3.9
  Offset gil_pointer;             // from 3.12
  Offset code_object_generation;  // from 3.14
};

struct GilLayout {
  Offset last_holder, locked, switch_number;
  Offset cond, switch_cond;  // of glibc's size; the threads that wait for the GIL wait here
  std::uint32_t size = 0;
};

struct ThreadLayout {
  Offset next, interp, thread_id;
  Offset native_thread_id;                // from 3.11
  Offset serial;                          // up to 3.10: no other thread state has the same
  Offset frame;                           // not on 3.11 and 3.12, where it is reached by cframe
  Offset cframe;                          // 3.11 and 3.12
  Offset datastack_chunk, datastack_top;  // from 3.11
  Offset current_executor;                // from 3.14: not null once compiled traces ran
  std::uint32_t size = 0;
};

struct CFrameLayout {
  Offset frame;
};

struct ChunkLayout {
  Offset previous, size, top, data;
};

struct FrameLayout {
  Offset previous, code, instruction;
  Offset owner;            // from 3.11
  Offset state;            // up to 3.10: f_executing (3.8, 3.9) or f_state (3.10)
  Offset tlbc_index;       // free-threaded 3.14 and later
  std::uint32_t size = 0;  // of the part before the locals
};

struct CodeLayout {
  Offset argument_count, flags, first_line, constants, names, filename, name, line_table;
  Offset qualified_name, exception_table;  // from 3.11
  Offset bytecode;                         // from 3.11 the instructions, before a pointer to bytes
  Offset variables;                        // co_localsplusnames; before 3.11 co_varnames
  Offset cell_variables, free_variables;   // before 3.11
  Offset tlbc;                             // free-threaded 3.14 and later
};

struct ObjectLayout {
  Offset type, size;
};

struct TypeLayout {
  Offset name, flags, basic_size, dict_offset, cached_keys;
};

struct UnicodeLayout {
  Offset length, state;
  std::uint32_t ascii_data = 0, compact_data = 0;  // where the characters begin
};

struct BytesLayout {
  Offset data;
};

struct TupleLayout {
  Offset items;
};

struct IntegerLayout {
  Offset digits;
};

struct RealLayout {
  Offset value;
};

struct DictLayout {
  Offset keys, values, used;
};

struct DictKeysLayout {
  Offset size;                               // up to 3.10: of the index, in slots
  Offset log2_size, log2_index_bytes, kind;  // from 3.11
  Offset entry_count;                        // the entries that are in use or were
  Offset indices;                            // the index; behind it the entries
};

struct DictValuesLayout {
  Offset items;
  Offset valid;  // from 3.13: whether values that stand in the instance are still its attributes
};

struct ModuleLayout {
  Offset dict;
};

// What stands in front of an instance: the distance back from its address.
struct InstanceLayout {
  Offset dict_before;    // from 3.11; on 3.12 a tagged pointer to the dict or to the values
  Offset values_before;  // 3.11 only
};

struct Layout {
  code::PythonVersion version;
  bool free_threaded = false;
  RuntimeLayout runtime;
  InterpreterLayout interpreter;
  GilLayout gil;
  ThreadLayout thread;
  CFrameLayout cframe;
  ChunkLayout chunk;
  FrameLayout frame;
  CodeLayout code;
  ObjectLayout object;
  TypeLayout type;
  UnicodeLayout unicode;
  BytesLayout bytes;
  TupleLayout tuple;
  IntegerLayout integer;
  RealLayout real;
  DictLayout dict;
  DictKeysLayout dict_keys;
  DictValuesLayout dict_values;
  ModuleLayout module;
  InstanceLayout instance;

  // Up to 3.10 each frame is an object on the heap; since then frames stand on a data stack.
  [[nodiscard]] constexpr bool frames_are_objects() const { return !version.at_least(11); }
};

// Where the values stand inside `_Py_DebugOffsets`, which grows in the middle from minor to minor.
struct DebugOffsetsShape {
  int minor = 0;
  std::uint32_t size = 0;
  struct {
    Offset finalizing, interpreters_head;
  } runtime_state;
  struct {
    Offset id, next, threads_head, gc, imports_modules, ceval_gil, gil_runtime_state_locked,
        gil_runtime_state_holder, code_object_generation;
  } interpreter_state;
  struct {
    Offset size, next, interp, current_frame, thread_id, native_thread_id, datastack_chunk;
  } thread_state;
  struct {
    Offset size, previous, executable, instr_ptr, localsplus, owner, tlbc_index;
  } interpreter_frame;
  struct {
    Offset filename, name, qualname, linetable, firstlineno, argcount, localsplusnames,
        co_code_adaptive, co_tlbc;
  } code_object;
  struct {
    Offset ob_type;
  } pyobject;
  struct {
    Offset tp_name, tp_flags;
  } type_object;
  struct {
    Offset ob_item, ob_size;
  } tuple_object;
  struct {
    Offset ob_sval;
  } bytes_object;
  struct {
    Offset state, length, asciiobject_size;
  } unicode_object;
  struct {
    Offset collecting;
  } gc;
};

// The layouts made from headers, oldest first; a free-threaded build follows its GIL build.
[[nodiscard]] std::span<const Layout> known_layouts();

// The shapes made from headers, oldest first.
[[nodiscard]] std::span<const DebugOffsetsShape> known_debug_offsets();

// The layout made from headers for that minor version and kind of build, or null.
[[nodiscard]] const Layout* find_known_layout(code::PythonVersion version, bool free_threaded);

}  // namespace lancehead::python
