/* Prints the offsets that src/python reads, as "group.field value" lines, for the headers that it is
 * compiled against. Run by tools/generate_layouts.py; never part of the product. */
#define Py_BUILD_CORE 1
#include <Python.h>
#include <stddef.h>
#include <stdio.h>

#if PY_VERSION_HEX >= 0x030D0000
#include <internal/pycore_global_objects.h>
#endif
#if PY_VERSION_HEX >= 0x03090000
#include <internal/pycore_gil.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_runtime.h>
#endif
#include <internal/pycore_pystate.h>
#if PY_VERSION_HEX >= 0x030B0000
#include <internal/pycore_frame.h>
#else
#include <frameobject.h>
#endif
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe_structs.h>
#include <internal/pycore_tstate.h>
#endif
#if PY_VERSION_HEX >= 0x030B0000
#include <internal/pycore_code.h>
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000
#include <internal/pycore_dict.h>
#endif
#if PY_VERSION_HEX >= 0x030D0000
#include <internal/pycore_dict.h>
#endif
#if PY_VERSION_HEX >= 0x030A0000
#include <internal/pycore_moduleobject.h>
#include <internal/pycore_object.h>
#endif

#if PY_VERSION_HEX < 0x030B0000
/* Up to 3.10 no header that is installed declares it; the fields are those of
 * Objects/dict-common.h, in their order. */
typedef struct {
  Py_ssize_t dk_refcnt, dk_size;
  void *dk_lookup;
  Py_ssize_t dk_usable, dk_nentries;
  char dk_indices[];
} KeysObject;
#else
typedef struct _dictkeysobject KeysObject;
#endif

#define OFF(group, field, type, member) \
  printf(group "." field " %zu\n", offsetof(type, member))
#define VAL(group, field, value) printf(group "." field " %zu\n", (size_t)(value))

int main(void) {
  printf("version %u\n", (unsigned)PY_VERSION_HEX);

  /* The runtime and its interpreters. */
  OFF("runtime", "interpreters_head", _PyRuntimeState, interpreters.head);
#if PY_VERSION_HEX >= 0x030D0000
  OFF("runtime", "finalizing", _PyRuntimeState, _finalizing);
#elif PY_VERSION_HEX >= 0x03080000
#if PY_VERSION_HEX < 0x03090000
  OFF("runtime", "finalizing", _PyRuntimeState, finalizing);
#else
  OFF("runtime", "finalizing", _PyRuntimeState, _finalizing);
#endif
#endif
#if PY_VERSION_HEX < 0x030C0000
  OFF("runtime", "tstate_current", _PyRuntimeState, gilstate.tstate_current);
  OFF("runtime", "gil", _PyRuntimeState, ceval.gil);
#endif

#if PY_VERSION_HEX < 0x03090000
  OFF("interpreter", "next", PyInterpreterState, next);
  OFF("interpreter", "threads_head", PyInterpreterState, tstate_head);
  OFF("interpreter", "modules", PyInterpreterState, modules);
  OFF("runtime", "gc_collecting", _PyRuntimeState, gc.collecting);
#else
  OFF("interpreter", "next", PyInterpreterState, next);
#if PY_VERSION_HEX < 0x030B0000
  OFF("interpreter", "threads_head", PyInterpreterState, tstate_head);
#else
  OFF("interpreter", "threads_head", PyInterpreterState, threads.head);
#endif
#if PY_VERSION_HEX < 0x030C0000
  OFF("interpreter", "modules", PyInterpreterState, modules);
#else
  OFF("interpreter", "modules", PyInterpreterState, imports.modules);
#endif
  OFF("interpreter", "gc_collecting", PyInterpreterState, gc.collecting);
#endif
  OFF("interpreter", "id", PyInterpreterState, id);
#if PY_VERSION_HEX >= 0x030C0000
  OFF("interpreter", "gil_pointer", PyInterpreterState, ceval.gil);
#endif
#if PY_VERSION_HEX >= 0x030E0000
  OFF("interpreter", "code_object_generation", PyInterpreterState, _code_object_generation);
#endif

  OFF("gil", "last_holder", struct _gil_runtime_state, last_holder);
  OFF("gil", "locked", struct _gil_runtime_state, locked);
  OFF("gil", "switch_number", struct _gil_runtime_state, switch_number);
  OFF("gil", "cond", struct _gil_runtime_state, cond);
  OFF("gil", "switch_cond", struct _gil_runtime_state, switch_cond);
  VAL("gil", "size", sizeof(struct _gil_runtime_state));

  /* Threads. */
  OFF("thread", "next", PyThreadState, next);
  OFF("thread", "interp", PyThreadState, interp);
  OFF("thread", "thread_id", PyThreadState, thread_id);
#if PY_VERSION_HEX < 0x030B0000
  OFF("thread", "serial", PyThreadState, id);
#endif
#if PY_VERSION_HEX >= 0x030B0000
  OFF("thread", "native_thread_id", PyThreadState, native_thread_id);
  OFF("thread", "datastack_chunk", PyThreadState, datastack_chunk);
  OFF("thread", "datastack_top", PyThreadState, datastack_top);
  OFF("chunk", "previous", _PyStackChunk, previous);
  OFF("chunk", "size", _PyStackChunk, size);
  OFF("chunk", "top", _PyStackChunk, top);
  OFF("chunk", "data", _PyStackChunk, data);
#endif
#if PY_VERSION_HEX < 0x030B0000
  OFF("thread", "frame", PyThreadState, frame);
#elif PY_VERSION_HEX < 0x030D0000
  OFF("thread", "cframe", PyThreadState, cframe);
  OFF("cframe", "frame", _PyCFrame, current_frame);
#else
  OFF("thread", "frame", PyThreadState, current_frame);
#endif
#if PY_VERSION_HEX >= 0x030E0000
  OFF("thread", "current_executor", PyThreadState, current_executor);
#endif
  VAL("thread", "size", sizeof(PyThreadState));

  /* Frames. */
#if PY_VERSION_HEX < 0x030B0000
  OFF("frame", "previous", PyFrameObject, f_back);
  OFF("frame", "code", PyFrameObject, f_code);
  OFF("frame", "instruction", PyFrameObject, f_lasti);
#if PY_VERSION_HEX < 0x030A0000
  OFF("frame", "state", PyFrameObject, f_executing);
#else
  OFF("frame", "state", PyFrameObject, f_state);
#endif
  VAL("frame", "size", offsetof(PyFrameObject, f_localsplus));
#else
  OFF("frame", "previous", _PyInterpreterFrame, previous);
#if PY_VERSION_HEX < 0x030D0000
  OFF("frame", "code", _PyInterpreterFrame, f_code);
  OFF("frame", "instruction", _PyInterpreterFrame, prev_instr);
#else
  OFF("frame", "code", _PyInterpreterFrame, f_executable);
  OFF("frame", "instruction", _PyInterpreterFrame, instr_ptr);
#endif
  OFF("frame", "owner", _PyInterpreterFrame, owner);
  VAL("frame", "size", offsetof(_PyInterpreterFrame, localsplus));
#ifdef Py_GIL_DISABLED
#if PY_VERSION_HEX >= 0x030E0000
  OFF("frame", "tlbc_index", _PyInterpreterFrame, tlbc_index);
  OFF("code", "tlbc", PyCodeObject, co_tlbc);
#endif
#endif
#endif

  /* Code objects. */
  OFF("code", "argument_count", PyCodeObject, co_argcount);
  OFF("code", "flags", PyCodeObject, co_flags);
  OFF("code", "first_line", PyCodeObject, co_firstlineno);
  OFF("code", "constants", PyCodeObject, co_consts);
  OFF("code", "names", PyCodeObject, co_names);
  OFF("code", "filename", PyCodeObject, co_filename);
  OFF("code", "name", PyCodeObject, co_name);
#if PY_VERSION_HEX < 0x030B0000
  OFF("code", "bytecode", PyCodeObject, co_code);
  OFF("code", "variables", PyCodeObject, co_varnames);
#if PY_VERSION_HEX < 0x030A0000
  OFF("code", "line_table", PyCodeObject, co_lnotab);
#else
  OFF("code", "line_table", PyCodeObject, co_linetable);
#endif
  OFF("code", "free_variables", PyCodeObject, co_freevars);
  OFF("code", "cell_variables", PyCodeObject, co_cellvars);
#else
  OFF("code", "qualified_name", PyCodeObject, co_qualname);
  OFF("code", "bytecode", PyCodeObject, co_code_adaptive);
  OFF("code", "variables", PyCodeObject, co_localsplusnames);
  OFF("code", "line_table", PyCodeObject, co_linetable);
  OFF("code", "exception_table", PyCodeObject, co_exceptiontable);
#endif

  /* Objects. */
  OFF("object", "type", PyObject, ob_type);
  OFF("object", "size", PyVarObject, ob_size);
  OFF("type", "name", PyTypeObject, tp_name);
  OFF("type", "flags", PyTypeObject, tp_flags);
  OFF("type", "basic_size", PyTypeObject, tp_basicsize);
  OFF("type", "dict_offset", PyTypeObject, tp_dictoffset);
  OFF("type", "cached_keys", PyHeapTypeObject, ht_cached_keys);
  OFF("unicode", "length", PyASCIIObject, length);
  OFF("unicode", "state", PyASCIIObject, state);
  VAL("unicode", "ascii_data", sizeof(PyASCIIObject));
  VAL("unicode", "compact_data", sizeof(PyCompactUnicodeObject));
  OFF("bytes", "data", PyBytesObject, ob_sval);
  OFF("tuple", "items", PyTupleObject, ob_item);
  OFF("integer", "digits", struct _longobject,
#if PY_VERSION_HEX < 0x030C0000
      ob_digit
#else
      long_value.ob_digit
#endif
  );
  OFF("real", "value", PyFloatObject, ob_fval);
  OFF("dict", "keys", PyDictObject, ma_keys);
  OFF("dict", "values", PyDictObject, ma_values);
  OFF("dict", "used", PyDictObject, ma_used);
#if PY_VERSION_HEX < 0x030B0000
  OFF("dict_keys", "size", KeysObject, dk_size);
  VAL("dict_values", "items", 0);
#else
  OFF("dict_keys", "log2_size", KeysObject, dk_log2_size);
  OFF("dict_keys", "log2_index_bytes", KeysObject, dk_log2_index_bytes);
  OFF("dict_keys", "kind", KeysObject, dk_kind);
  OFF("dict_values", "items", struct _dictvalues, values);
#endif
  OFF("dict_keys", "entry_count", KeysObject, dk_nentries);
  OFF("dict_keys", "indices", KeysObject, dk_indices);
#if PY_VERSION_HEX >= 0x030D0000
  OFF("dict_values", "valid", struct _dictvalues, valid);
#endif
#if PY_VERSION_HEX < 0x030A0000
  /* Not in a header; the first field of PyModuleObject in Objects/moduleobject.c. */
  VAL("module", "dict", sizeof(PyObject));
#else
  OFF("module", "dict", PyModuleObject, md_dict);
#endif
#if PY_VERSION_HEX >= 0x030D0000 || (PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000)
  VAL("instance", "dict_before", -MANAGED_DICT_OFFSET);
#elif PY_VERSION_HEX >= 0x030C0000
  /* _PyObject_DictOrValuesPointer. */
  VAL("instance", "dict_before", 3 * sizeof(void *));
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
  /* _PyObject_ValuesPointer. */
  VAL("instance", "values_before", 4 * sizeof(void *));
#endif

#if PY_VERSION_HEX >= 0x030D0000
#define DBG(group, member) printf("debug." #group "." #member " %zu\n", offsetof(_Py_DebugOffsets, group.member))
  DBG(runtime_state, finalizing);
  DBG(runtime_state, interpreters_head);
  DBG(interpreter_state, id);
  DBG(interpreter_state, next);
  DBG(interpreter_state, threads_head);
  DBG(interpreter_state, gc);
  DBG(interpreter_state, imports_modules);
  DBG(interpreter_state, ceval_gil);
  DBG(interpreter_state, gil_runtime_state_locked);
  DBG(interpreter_state, gil_runtime_state_holder);
#if PY_VERSION_HEX >= 0x030E0000
  DBG(interpreter_state, code_object_generation);
#endif
  DBG(thread_state, size);
  DBG(thread_state, next);
  DBG(thread_state, interp);
  DBG(thread_state, current_frame);
  DBG(thread_state, thread_id);
  DBG(thread_state, native_thread_id);
  DBG(thread_state, datastack_chunk);
  DBG(interpreter_frame, size);
  DBG(interpreter_frame, previous);
  DBG(interpreter_frame, executable);
  DBG(interpreter_frame, instr_ptr);
  DBG(interpreter_frame, localsplus);
  DBG(interpreter_frame, owner);
#if PY_VERSION_HEX >= 0x030E0000
  DBG(interpreter_frame, tlbc_index);
#endif
  DBG(code_object, filename);
  DBG(code_object, name);
  DBG(code_object, qualname);
  DBG(code_object, linetable);
  DBG(code_object, firstlineno);
  DBG(code_object, argcount);
  DBG(code_object, localsplusnames);
  DBG(code_object, co_code_adaptive);
#if PY_VERSION_HEX >= 0x030E0000
  DBG(code_object, co_tlbc);
#endif
  DBG(pyobject, ob_type);
  DBG(type_object, tp_name);
  DBG(type_object, tp_flags);
  DBG(tuple_object, ob_item);
  DBG(tuple_object, ob_size);
  DBG(bytes_object, ob_sval);
  DBG(unicode_object, state);
  DBG(unicode_object, length);
  DBG(unicode_object, asciiobject_size);
  DBG(gc, collecting);
  printf("debug.size %zu\n", sizeof(_Py_DebugOffsets));
#endif
  return 0;
}
