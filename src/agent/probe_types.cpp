#include "agent/probe_types.h"

#include <atomic>
#include <cstddef>
#include <cstring>

#include "agent/pickled_probe.h"
#include "code/rewrite.h"

namespace lancehead::agent {
namespace {

// Slot numbers of the stable interface (typeslots.h).
constexpr int kInvert = 27;
constexpr int kContains = 41;
constexpr int kNext = 63;
constexpr int kMethods = 64;
constexpr unsigned kDefaultFlags = 1U << 18U;  // Py_TPFLAGS_HAVE_VERSION_TAG
constexpr int kNoArguments = 4;                // METH_NOARGS

// What begins every object: in builds with the GIL, and without.
struct GilHead {
  std::int64_t references;
  TypeObject* type;
};
struct FreeHead {
  std::uint64_t owner;
  std::uint32_t flags;
  std::uint32_t local_count;
  std::int64_t shared_count;
  TypeObject* type;
};

template <typename Head>
struct CounterProbe {
  Head head;
  std::uint64_t* counter;
};

template <typename Head>
struct ExceptionProbe {
  Head head;
  const CountedCode* code;
  code::BlockId handler;
  std::uint64_t* passed_on;
};

// PyTracebackObject, the same in every version.
template <typename Head>
struct Traceback {
  Head head;
  Object* next;
  Object* frame;
  int offset;
  int line;
};

// What the slots need: they are called by the interpreter, which passes nothing of ours. Set once,
// before there is a probe.
struct SlotRoot {
  const PythonApi* api = nullptr;
  Object* none = nullptr;
};
constinit SlotRoot slot_root;

void count(std::uint64_t* counter, GilHead* /*tag*/) {
  ++*counter;
}
void count(std::uint64_t* counter, FreeHead* /*tag*/) {
  std::atomic_ref(*counter).fetch_add(1, std::memory_order_relaxed);
}

// `for ... in probe`: there is nothing in it.
template <typename Head>
Object* count_by_next(Object* self) {
  count(reinterpret_cast<CounterProbe<Head>*>(self)->counter, static_cast<Head*>(nullptr));
  return nullptr;
}

// `~probe`, where None is immortal.
template <typename Head>
Object* count_by_invert(Object* self) {
  count(reinterpret_cast<CounterProbe<Head>*>(self)->counter, static_cast<Head*>(nullptr));
  return slot_root.none;
}

// Up to 3.8 the code of a frame has no accessor.
Object* code_of(Object* frame) {
  const PythonApi& api = *slot_root.api;
  return api.PyFrame_GetCode != nullptr ? api.PyFrame_GetCode(frame)
                                        : api.PyObject_GetAttrString(frame, "f_code");
}

template <typename Head>
void count_exception(const ExceptionProbe<Head>& probe, Object* traceback) {
  const PythonApi& api = *slot_root.api;
  std::uint32_t raising = CountedCode::kNone;
  if (traceback != nullptr && traceback != slot_root.none) {
    const auto& newest = *reinterpret_cast<const Traceback<Head>*>(traceback);
    Object* code = code_of(newest.frame);
    if (code == probe.code->rewritten) {
      raising = probe.code->raising_at(newest.offset);
    }
    if (code != nullptr) {
      api.Py_DecRef(code);
    }
  }
  if (raising != CountedCode::kNone && probe.code->handler[raising] == probe.handler) {
    count(probe.code->raised + raising, static_cast<Head*>(nullptr));
  } else if (probe.passed_on != nullptr) {
    count(probe.passed_on, static_cast<Head*>(nullptr));
  }
}

// `exception in probe`, from 3.11 on.
template <typename Head>
int contains(Object* self, Object* exception) {
  Object* traceback = slot_root.api->PyException_GetTraceback(exception);
  count_exception(*reinterpret_cast<ExceptionProbe<Head>*>(self), traceback);
  if (traceback != nullptr) {
    slot_root.api->Py_DecRef(traceback);
  }
  return 0;
}

// `for ... in probe`, up to 3.10, where the exception that is being handled is known to the thread.
Object* count_exception_by_next(Object* self) {
  const PythonApi& api = *slot_root.api;
  Object* type = nullptr;
  Object* value = nullptr;
  Object* traceback = nullptr;
  api.PyErr_GetExcInfo(&type, &value, &traceback);
  count_exception(*reinterpret_cast<ExceptionProbe<GilHead>*>(self), traceback);
  for (Object* each : {type, value, traceback}) {
    if (each != nullptr) {
      api.Py_DecRef(each);
    }
  }
  return nullptr;
}

Object* reduce_to_zero(Object* /*self*/, Object* /*unused*/) {
  return pickled_as_zero(*slot_root.api);
}
Object* reduce_to_exhausted(Object* /*self*/, Object* /*unused*/) {
  return pickled_as_exhausted(*slot_root.api);
}
Object* reduce_to_empty(Object* /*self*/, Object* /*unused*/) {
  return pickled_as_empty(*slot_root.api);
}

MethodDefinition zero_methods[] = {
    {"__reduce__", reinterpret_cast<void*>(&reduce_to_zero), kNoArguments, nullptr},
    {nullptr, nullptr, 0, nullptr}};
MethodDefinition exhausted_methods[] = {
    {"__reduce__", reinterpret_cast<void*>(&reduce_to_exhausted), kNoArguments, nullptr},
    {nullptr, nullptr, 0, nullptr}};
MethodDefinition empty_methods[] = {
    {"__reduce__", reinterpret_cast<void*>(&reduce_to_empty), kNoArguments, nullptr},
    {nullptr, nullptr, 0, nullptr}};

template <typename Head>
Object* make_counter_type(const PythonApi& api) {
  const bool by_next = code::counter_form(api.version) == code::CounterForm::next;
  TypeSlot by_next_slots[] = {{kNext, reinterpret_cast<void*>(&count_by_next<Head>)},
                              {kMethods, exhausted_methods},
                              {0, nullptr}};
  TypeSlot by_invert_slots[] = {{kInvert, reinterpret_cast<void*>(&count_by_invert<Head>)},
                                {kMethods, zero_methods},
                                {0, nullptr}};
  TypeSlot* slots = by_next ? by_next_slots : by_invert_slots;
  TypeSpec spec{"lancehead.Counter", sizeof(CounterProbe<Head>), 0, kDefaultFlags, slots};
  return api.PyType_FromSpec(&spec);
}

template <typename Head>
Object* make_exception_type(const PythonApi& api) {
  TypeSlot slots[] = {{kNext, reinterpret_cast<void*>(&count_exception_by_next)},
                      {kContains, reinterpret_cast<void*>(&contains<Head>)},
                      {kMethods, api.version.at_least(11) ? empty_methods : exhausted_methods},
                      {0, nullptr}};
  TypeSpec spec{"lancehead.ExceptionCounter", sizeof(ExceptionProbe<Head>), 0, kDefaultFlags,
                slots};
  return api.PyType_FromSpec(&spec);
}

}  // namespace

ProbeTypes::ProbeTypes(const PythonApi& api, bool free_threaded) : api_(api) {
  slot_root = {.api = &api, .none = api.none};
  counter_ = free_threaded ? make_counter_type<FreeHead>(api) : make_counter_type<GilHead>(api);
  exception_ =
      free_threaded ? make_exception_type<FreeHead>(api) : make_exception_type<GilHead>(api);
  free_threaded_ = free_threaded;
}

// Probes live as long as the process. Where the interpreter knows such objects it need not count
// references to them, which costs as much as the rest of an instruction.
void ProbeTypes::make_immortal(Object* probe) const {
  if (!api_.version.at_least(12)) {
    return;
  }
  const std::size_t at = free_threaded_ ? offsetof(FreeHead, local_count) : 0;
  std::memcpy(reinterpret_cast<std::byte*>(probe) + at,
              reinterpret_cast<const std::byte*>(api_.none) + at, sizeof(std::uint32_t));
}

Object* ProbeTypes::new_counter(std::uint64_t* counter) const {
  Object* probe = api_.PyType_GenericAlloc(counter_, 0);
  if (probe != nullptr) {
    make_immortal(probe);
    if (free_threaded_) {
      reinterpret_cast<CounterProbe<FreeHead>*>(probe)->counter = counter;
    } else {
      reinterpret_cast<CounterProbe<GilHead>*>(probe)->counter = counter;
    }
  }
  return probe;
}

namespace {

template <typename Head>
void fill(Object* object, const CountedCode& code, code::BlockId handler,
          std::uint64_t* passed_on) {
  auto* probe = reinterpret_cast<ExceptionProbe<Head>*>(object);
  probe->code = &code;
  probe->handler = handler;
  probe->passed_on = passed_on;
}

}  // namespace

Object* ProbeTypes::new_exception_probe(const CountedCode& code, code::BlockId handler,
                                        std::uint64_t* passed_on) const {
  Object* probe = api_.PyType_GenericAlloc(exception_, 0);
  if (probe != nullptr) {
    if (free_threaded_) {
      fill<FreeHead>(probe, code, handler, passed_on);
    } else {
      fill<GilHead>(probe, code, handler, passed_on);
    }
  }
  return probe;
}

}  // namespace lancehead::agent
