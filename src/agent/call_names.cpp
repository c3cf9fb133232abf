#include "agent/call_names.h"

#include "agent/c_function.h"
#include "agent/call_format.h"
#include "agent/code_counter.h"
#include "agent/object_ref.h"

namespace lancehead::agent {
namespace {

CFunctionShape shape_of(const python::Layout& layout) {
  return {.type = layout.object.type.bytes, .head = layout.object.type.bytes + sizeof(TypeObject*)};
}

// Sets the interpreter's current error aside: a callee may be met while an exception is on its way.
class KeptError {
 public:
  explicit KeptError(const PythonApi& api) : api_(api) {
    api_.PyErr_Fetch(&type_, &value_, &traceback_);
  }
  ~KeptError() { api_.PyErr_Restore(type_, value_, traceback_); }
  KeptError(const KeptError&) = delete;
  KeptError& operator=(const KeptError&) = delete;

 private:
  const PythonApi& api_;
  Object* type_ = nullptr;
  Object* value_ = nullptr;
  Object* traceback_ = nullptr;
};

}  // namespace

std::string CallNames::representation(Object* object) const {
  const ObjectRef text(api_, api_.PyObject_Repr(object));
  const char* utf8 = text ? api_.PyUnicode_AsUTF8(text.get()) : nullptr;
  if (utf8 == nullptr) {
    api_.PyErr_Clear();
    return {};
  }
  // The address says nothing, and is another in each process.
  std::string name(utf8);
  if (const std::size_t at = name.rfind(" at 0x"); at != std::string::npos && name.back() == '>') {
    name.replace(at, std::string::npos, ">");
  }
  return name;
}

// As cProfile names it: by the method of its type, if that has one; else by its module.
std::string CallNames::name_of(Object* function) const {
  const CFunctionShape shape = shape_of(layout_);
  if (shape.type_of(function) == api_.method_descriptor_type) {
    return representation(function);
  }
  const MethodDefinition* definition = shape.definition(function);
  Object* self = shape.self(function);
  Object* module = shape.module(function);
  const char* module_name = module == nullptr ? nullptr : api_.PyUnicode_AsUTF8(module);
  if (module_name == nullptr) {
    api_.PyErr_Clear();
  }
  if (self == nullptr) {
    const bool plain = module_name == nullptr || std::strcmp(module_name, "builtins") == 0;
    return plain ? std::string("<") + definition->name + ">"
                 : std::string("<") + module_name + "." + definition->name + ">";
  }
  const ObjectRef name(api_, api_.PyUnicode_FromString(definition->name));
  Object* method = name ? api_._PyType_Lookup(shape.type_of(self), name.get()) : nullptr;
  api_.PyErr_Clear();
  if (method != nullptr) {
    // Only what is represented without running code of the program.
    TypeObject* type = shape.type_of(method);
    for (TypeObject* known :
         {api_.method_descriptor_type, api_.c_function_type, api_.class_method_descriptor_type}) {
      if (type == known) {
        return representation(method);
      }
    }
  }
  return std::string("<built-in method ") + (module_name == nullptr ? "" : module_name) +
         (module_name == nullptr ? "" : ".") + definition->name + ">";
}

std::uint32_t CallNames::number(const void* key, Object* function) {
  if (const auto found = numbers_.find(key); found != numbers_.end()) {
    return found->second;
  }
  const KeptError error(api_);
  std::uint32_t number = kNoCallee;
  CalleeRecord record;
  if (function != nullptr) {
    record.function = name_of(function);
  } else {
    auto* code = static_cast<Object*>(const_cast<void*>(key));
    const auto counted = counter_ == nullptr ? std::nullopt : counter_->record_of(code);
    api_.Py_IncRef(code);
    if (counted) {
      number = static_cast<std::uint32_t>(*counted);
    } else if (auto object = python::read_code_object(memory_, layout_, address_of(code))) {
      record.code = std::move(*object);
      python::read_code_details(memory_, layout_, address_of(code), record.code);
    } else {
      record.function = "<code that could not be read>";
    }
  }
  if (number == kNoCallee) {
    const std::uint64_t next = share_.record_count();
    number = share_.write(RecordKind::callee, encode(record)) ? static_cast<std::uint32_t>(next)
                                                              : kNoCallee;
  }
  numbers_.emplace(key, number);
  return number;
}

}  // namespace lancehead::agent
