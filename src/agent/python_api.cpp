#include "agent/python_api.h"

#include <dlfcn.h>

#include <cstdlib>

namespace lancehead::agent {
namespace {

template <typename Pointer>
bool find(Pointer& pointer, const char* name) {
  pointer = reinterpret_cast<Pointer>(::dlsym(RTLD_DEFAULT, name));
  return pointer != nullptr;
}

// Of "3.13.0+ (main, ...": the numbers; the rest says nothing that matters here.
code::PythonVersion parse_version(const char* text) {
  char* end = nullptr;
  code::PythonVersion version{.level = 0xF};
  version.major = static_cast<std::uint8_t>(std::strtoul(text, &end, 10));
  if (*end == '.') {
    version.minor = static_cast<std::uint8_t>(std::strtoul(end + 1, &end, 10));
  }
  if (*end == '.') {
    version.micro = static_cast<std::uint8_t>(std::strtoul(end + 1, &end, 10));
  }
  return version;
}

}  // namespace

bool PythonApi::load() {
#define LANCEHEAD_FIND(name) find(name, #name)
  const bool all = LANCEHEAD_FIND(PySys_AddAuditHook) && LANCEHEAD_FIND(Py_GetVersion) &&
                   LANCEHEAD_FIND(PySys_GetObject) && LANCEHEAD_FIND(PyEval_GetBuiltins) &&
                   LANCEHEAD_FIND(PyImport_AddModule) && LANCEHEAD_FIND(PyModule_GetDict) &&
                   LANCEHEAD_FIND(PyDict_GetItemString) && LANCEHEAD_FIND(PyDict_New) &&
                   LANCEHEAD_FIND(PyDict_SetItemString) && LANCEHEAD_FIND(PyObject_GetAttrString) &&
                   LANCEHEAD_FIND(PyObject_Call) && LANCEHEAD_FIND(PyTuple_New) &&
                   LANCEHEAD_FIND(PyTuple_Size) && LANCEHEAD_FIND(PyTuple_GetItem) &&
                   LANCEHEAD_FIND(PyTuple_SetItem) && LANCEHEAD_FIND(PyBytes_FromStringAndSize) &&
                   LANCEHEAD_FIND(PyLong_FromLong) && LANCEHEAD_FIND(PyLong_AsLong) &&
                   LANCEHEAD_FIND(PyUnicode_AsUTF8) && LANCEHEAD_FIND(PyUnicode_FromString) &&
                   LANCEHEAD_FIND(PyObject_SetAttrString) && LANCEHEAD_FIND(Py_CompileString) &&
                   LANCEHEAD_FIND(PyType_FromSpec) && LANCEHEAD_FIND(PyType_GenericAlloc) &&
                   LANCEHEAD_FIND(PyEval_EvalCode) && LANCEHEAD_FIND(PyException_GetTraceback) &&
                   LANCEHEAD_FIND(PyErr_GetExcInfo) && LANCEHEAD_FIND(PyErr_Fetch) &&
                   LANCEHEAD_FIND(PyErr_Restore) && LANCEHEAD_FIND(PyErr_Occurred) &&
                   LANCEHEAD_FIND(Py_AtExit) && LANCEHEAD_FIND(PyErr_Clear) &&
                   LANCEHEAD_FIND(PyErr_SetString) && LANCEHEAD_FIND(Py_DecRef) &&
                   LANCEHEAD_FIND(Py_IncRef) && LANCEHEAD_FIND(PyInterpreterState_Main);
  LANCEHEAD_FIND(PyFrame_GetCode);
  LANCEHEAD_FIND(_PyInterpreterState_SetEvalFrameFunc);
  for (const bool found :
       {LANCEHEAD_FIND(PyEval_SetProfile), LANCEHEAD_FIND(_PyEval_SetProfile),
        LANCEHEAD_FIND(PyThreadState_Swap), LANCEHEAD_FIND(Py_CompileString),
        LANCEHEAD_FIND(_PyType_Lookup), LANCEHEAD_FIND(PyObject_Repr),
        LANCEHEAD_FIND(PyType_IsSubtype), LANCEHEAD_FIND(PyVectorcall_Call),
        LANCEHEAD_FIND(PyUnicode_FromString), LANCEHEAD_FIND(Py_AddPendingCall),
        find(c_function_type, "PyCFunction_Type"), find(c_method_type, "PyCMethod_Type"),
        find(method_descriptor_type, "PyMethodDescr_Type"),
        find(class_method_descriptor_type, "PyClassMethodDescr_Type")}) {
    (void)found;  // who uses it looks
  }
#undef LANCEHEAD_FIND
  if (!find(unchecked_thread, "PyThreadState_GetUnchecked")) {
    find(unchecked_thread, "_PyThreadState_UncheckedGet");
  }
  find(default_eval_frame, "_PyEval_EvalFrameDefault");
  const bool data = find(none, "_Py_NoneStruct") && find(code_type, "PyCode_Type") &&
                    find(function_type, "PyFunction_Type") && find(runtime, "_PyRuntime");
  if (!all || !data) {
    return false;
  }
  version = parse_version(Py_GetVersion());
  return version.major == 3 && version.minor >= 8;
}

}  // namespace lancehead::agent
