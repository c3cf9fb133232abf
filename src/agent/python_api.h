// The functions of the interpreter's C interface that the agent uses, found by name in the process
// that it was loaded into: it is compiled against no version, and works in each.
//
// Only what has kept its name, arguments and meaning from 3.8 to 3.15 is here. Objects are opaque
// but for their count of references and type, which begin every object.
#pragma once

#include <cstddef>
#include <cstdint>

#include "code/python_version.h"

namespace lancehead::agent {

struct Object;
struct TypeObject;

// PyMethodDef.
struct MethodDefinition {
  const char* name;
  void* function;
  int flags;
  const char* doc;
};

// PyType_Slot and PyType_Spec.
struct TypeSlot {
  int slot;
  void* function;
};
struct TypeSpec {
  const char* name;
  int basic_size;
  int item_size;
  unsigned int flags;
  TypeSlot* slots;
};

using AuditHook = int (*)(const char* event, Object* arguments, void* data);

struct PythonApi {
  int (*PySys_AddAuditHook)(AuditHook, void*) = nullptr;
  const char* (*Py_GetVersion)() = nullptr;
  Object* (*PySys_GetObject)(const char*) = nullptr;                // borrowed
  Object* (*PyEval_GetBuiltins)() = nullptr;                        // borrowed
  Object* (*PyImport_AddModule)(const char*) = nullptr;             // borrowed
  Object* (*PyModule_GetDict)(Object*) = nullptr;                   // borrowed
  Object* (*PyDict_GetItemString)(Object*, const char*) = nullptr;  // borrowed
  Object* (*PyDict_New)() = nullptr;
  int (*PyDict_SetItemString)(Object*, const char*, Object*) = nullptr;
  Object* (*PyObject_GetAttrString)(Object*, const char*) = nullptr;
  int (*PyObject_SetAttrString)(Object*, const char*, Object*) = nullptr;
  Object* (*PyObject_Call)(Object*, Object*, Object*) = nullptr;
  Object* (*PyTuple_New)(std::ptrdiff_t) = nullptr;
  std::ptrdiff_t (*PyTuple_Size)(Object*) = nullptr;
  Object* (*PyTuple_GetItem)(Object*, std::ptrdiff_t) = nullptr;       // borrowed
  int (*PyTuple_SetItem)(Object*, std::ptrdiff_t, Object*) = nullptr;  // takes the reference
  Object* (*PyBytes_FromStringAndSize)(const char*, std::ptrdiff_t) = nullptr;
  Object* (*PyLong_FromLong)(long) = nullptr;
  long (*PyLong_AsLong)(Object*) = nullptr;
  const char* (*PyUnicode_AsUTF8)(Object*) = nullptr;
  Object* (*PyUnicode_FromString)(const char*) = nullptr;
  Object* (*PyType_FromSpec)(TypeSpec*) = nullptr;
  Object* (*PyType_GenericAlloc)(Object*, std::ptrdiff_t) = nullptr;
  Object* (*Py_CompileString)(const char* text, const char* filename, int start) = nullptr;
  Object* (*PyEval_EvalCode)(Object*, Object*, Object*) = nullptr;
  Object* (*PyException_GetTraceback)(Object*) = nullptr;
  void (*PyErr_GetExcInfo)(Object**, Object**, Object**) = nullptr;
  void (*PyErr_Fetch)(Object**, Object**, Object**) = nullptr;
  void (*PyErr_Restore)(Object*, Object*, Object*) = nullptr;
  Object* (*PyErr_Occurred)() = nullptr;  // borrowed
  int (*Py_AtExit)(void (*)()) = nullptr;
  void (*PyErr_Clear)() = nullptr;
  void (*PyErr_SetString)(Object*, const char*) = nullptr;
  void (*Py_DecRef)(Object*) = nullptr;
  void (*Py_IncRef)(Object*) = nullptr;
  void* (*PyInterpreterState_Main)() = nullptr;

  // Not in every version: null where they are not.
  Object* (*PyFrame_GetCode)(Object*) = nullptr;                         // from 3.9
  void (*_PyInterpreterState_SetEvalFrameFunc)(void*, void*) = nullptr;  // from 3.9

  // For calls.
  void (*PyEval_SetProfile)(void*, Object*) = nullptr;
  int (*_PyEval_SetProfile)(void*, void*, Object*) = nullptr;  // 3.9 to 3.11
  void* (*PyThreadState_Swap)(void*) = nullptr;
  Object* (*_PyType_Lookup)(TypeObject*, Object*) = nullptr;  // borrowed
  Object* (*PyObject_Repr)(Object*) = nullptr;
  int (*PyType_IsSubtype)(TypeObject*, TypeObject*) = nullptr;
  Object* (*PyVectorcall_Call)(Object*, Object*, Object*) = nullptr;
  int (*Py_AddPendingCall)(int (*)(void*), void*) = nullptr;
  TypeObject* c_function_type = nullptr;
  TypeObject* c_method_type = nullptr;  // from 3.9: with a defining class
  TypeObject* method_descriptor_type = nullptr;
  TypeObject* class_method_descriptor_type = nullptr;

  Object* none = nullptr;
  TypeObject* code_type = nullptr;
  TypeObject* function_type = nullptr;
  void* runtime = nullptr;             // _PyRuntime
  void* default_eval_frame = nullptr;  // _PyEval_EvalFrameDefault

  void* (*unchecked_thread)() = nullptr;

  code::PythonVersion version;

  // The thread state of whoever has the GIL; null where that is no thread.
  [[nodiscard]] void* current_thread() const {
    return unchecked_thread == nullptr ? nullptr : unchecked_thread();
  }

  // False where this process has no Python that the agent knows.
  [[nodiscard]] bool load();
};

}  // namespace lancehead::agent
