#include "agent/agent.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>
#include <string_view>
#include <vector>

#include "code/callee_places.h"
#include "python/debug_offsets.h"

namespace lancehead::agent {
namespace {

// Callbacks get no pointer of ours from the interpreter (all but the audit hook).
constinit Agent* the_agent = nullptr;

// How deep this thread is in exec() and eval(), which report what they run by themselves.
constinit thread_local int within_exec = 0;

constexpr int kFast = 0x80;      // METH_FASTCALL
constexpr int kKeywords = 0x02;  // METH_KEYWORDS

struct WithinExec {
  WithinExec() { ++within_exec; }
  ~WithinExec() { --within_exec; }
  WithinExec(const WithinExec&) = delete;
  WithinExec& operator=(const WithinExec&) = delete;
};

std::optional<python::Layout> layout_of(const PythonApi& api) {
  if (api.version.at_least(13)) {
    OwnMemory memory;
    const auto described = python::read_debug_offsets(memory, address_of(api.runtime));
    return described ? std::optional(described->layout) : std::nullopt;
  }
  const python::Layout* known = python::find_known_layout(api.version, false);
  if (known == nullptr) {
    return std::nullopt;
  }
  python::Layout layout = *known;
  layout.version = api.version;
  return layout;
}

// The folders of the interpreter's own library: of the installation and of the environment.
std::vector<std::string> library_folders(const PythonApi& api) {
  std::vector<std::string> folders;
  const std::string version =
      "python" + std::to_string(api.version.major) + "." + std::to_string(api.version.minor);
  for (const char* name : {"base_prefix", "base_exec_prefix", "prefix", "exec_prefix"}) {
    Object* prefix = api.PySys_GetObject(name);
    const char* text = prefix == nullptr ? nullptr : api.PyUnicode_AsUTF8(prefix);
    if (text == nullptr) {
      api.PyErr_Clear();
      continue;
    }
    for (const char* library : {"/lib/", "/lib64/"}) {
      folders.push_back(text + (library + version));
    }
  }
  return folders;
}

// Whether the configuration has exactly this line.
bool has_line(std::string_view configuration, std::string_view line) {
  while (!configuration.empty()) {
    const std::size_t end = std::min(configuration.find('\n'), configuration.size());
    if (configuration.substr(0, end) == line) {
      return true;
    }
    configuration.remove_prefix(std::min(end + 1, configuration.size()));
  }
  return false;
}

// The path that was given leads through the recorder's descriptors, and ends when the recorder does.
std::string lasting_path(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size() - 1);
  struct stat given{};
  struct stat real{};
  const bool same = size > 0 && ::stat(path.c_str(), &given) == 0 &&
                    ::stat(target.data(), &real) == 0 && given.st_dev == real.st_dev &&
                    given.st_ino == real.st_ino;
  return same ? std::string(target.data()) : path;  // another root has other paths
}

}  // namespace

bool Agent::install(std::string share) {
  auto agent = std::unique_ptr<Agent>(new Agent(lasting_path(share)));
  if (!agent->api_.load()) {
    return false;
  }
  if (agent->api_.PySys_AddAuditHook(&Agent::on_audit, agent.get()) != 0) {
    return false;
  }
  the_agent = agent.release();  // for the life of the process
  return true;
}

void Agent::tell_end(bool began) {
  if (the_agent == nullptr || the_agent->share_ == nullptr || !the_agent->share_->is_ours()) {
    return;
  }
  if (the_agent->counter_ != nullptr) {
    the_agent->counter_->tell_frames(began, true);
  }
  if (the_agent->tracer_ != nullptr) {
    the_agent->tracer_->tell_end(began);
  }
}

int Agent::on_audit(const char* event, Object* arguments, void* data) {
  auto& agent = *static_cast<Agent*>(data);
  const std::string_view name(event);
  if (name.starts_with("cpython.run_")) {
    if (name != "cpython.run_interactivehook" && name != "cpython.run_startup") {
      agent.begin();
      agent.main_pending_ = name != "cpython.run_module";
    }
    return 0;
  }
  if (name == "sys.setprofile" && agent.tracer_ != nullptr) {
    agent.tracer_->check();
    return 0;
  }
  if (name != "exec" || agent.counter_ == nullptr || within_exec != 0) {
    return 0;
  }
  Object* code = agent.api_.PyTuple_GetItem(arguments, 0);
  return code != nullptr && agent.counter_->is_code(code) ? agent.run_main(code) : 0;
}

void Agent::begin() {
  if (begun_) {
    return;
  }
  begun_ = true;
  layout_ = layout_of(api_);
  if (!layout_) {
    return;
  }
  share_ = std::make_unique<ShareWriter>(share_path_.c_str(), api_.version.to_hex());
  if (!share_->is_open()) {
    return;
  }
  const std::string_view configuration = share_->configuration();
  if (has_line(configuration, "calls")) {
    tracer_ = std::make_unique<CallTracer>(api_, *layout_, *share_);
    if (tracer_->begin() && code::can_find_callees(api_.version)) {
      call_probes_ = std::make_unique<CallProbes>(*tracer_);
      if (!call_probes_->is_ready()) {
        call_probes_.reset();
      }
    }
  }
  const bool counts = has_line(configuration, "counts");
  if (counts || call_probes_ != nullptr) {
    begin_rewriting(counts);
  }
  if (counter_ != nullptr || tracer_ != nullptr) {
    ::pthread_atfork(nullptr, nullptr, [] { the_agent->begin_child(); });
  }
}

void Agent::begin_rewriting(bool counts) {
  counter_ = std::make_unique<CodeCounter>(
      api_, *layout_, *share_, CodeFilter(share_->configuration(), library_folders(api_)), counts,
      call_probes_.get());
  if (!counter_->is_ready()) {
    api_.PyErr_Clear();
    counter_.reset();
    return;
  }
  if (tracer_ != nullptr) {
    tracer_->use_names_of(*counter_);
    if (call_probes_ != nullptr && !counts) {
      tracer_->calibrate_probed(*counter_);
    }
  }
  replace("exec", reinterpret_cast<void*>(&Agent::on_exec), exec_);
  replace("eval", reinterpret_cast<void*>(&Agent::on_eval), eval_);
  if (!api_.version.at_least(11)) {
    watch_frames();
  }
}

void Agent::begin_child() {
  share_->begin_child();
  if (counter_ != nullptr) {
    counter_->begin_child();
  }
  if (tracer_ != nullptr) {
    tracer_->begin_child();
  }
}

// The interpreter compiles the main program itself and is about to run it. Up to 3.10 it then runs what we
// make of that code object. Later a code object holds its instructions, which cannot grow: so the
// counted one is run here, with the same stack beneath it, and the other does nothing.
int Agent::run_main(Object* code) {
  if (!api_.version.at_least(11)) {
    counter_->count_in_place(code);
    return 0;
  }
  if (!main_pending_) {
    return 0;
  }
  main_pending_ = false;
  Object* counted = counter_->counted(code);
  Object* main = api_.PyImport_AddModule("__main__");
  Object* globals = main == nullptr ? nullptr : api_.PyModule_GetDict(main);
  if (counted == code || globals == nullptr) {
    api_.PyErr_Clear();
    return 0;
  }
  Object* result = api_.PyEval_EvalCode(counted, globals, globals);
  if (result == nullptr) {
    Object* interrupt = api_.PyDict_GetItemString(api_.PyEval_GetBuiltins(), "KeyboardInterrupt");
    if (api_.PyErr_Occurred() == interrupt) {
      api_.Py_AtExit(&Agent::die_as_interrupted);
    }
    return -1;
  }
  api_.Py_DecRef(result);
  counter_->disarm(code);
  if (tracer_ != nullptr) {
    tracer_->hide(code);
  }
  return 0;
}

// As the interpreter does for a main program that ended by KeyboardInterrupt: whoever waits for it
// shall see the signal.
void Agent::die_as_interrupted() {
  ::signal(SIGINT, SIG_DFL);
  ::kill(::getpid(), SIGINT);
}

// A PyCFunctionObject has its definition right behind its head.
void Agent::replace(const char* name, void* with, Replaced& replaced) {
  Object* builtins = api_.PyEval_GetBuiltins();
  Object* function = builtins == nullptr ? nullptr : api_.PyDict_GetItemString(builtins, name);
  if (function == nullptr) {
    return;
  }
  MethodDefinition* definition = nullptr;
  char* place = reinterpret_cast<char*>(function) + counter_->layout().object.type.bytes +
                sizeof(TypeObject*);
  std::memcpy(&definition, place, sizeof definition);
  if ((definition->flags & ~kKeywords) != kFast || std::strcmp(definition->name, name) != 0) {
    return;
  }
  replaced.before = *definition;
  replaced.now = *definition;
  replaced.now.function = with;
  definition = &replaced.now;
  std::memcpy(place, &definition, sizeof definition);
}

Object* Agent::call(const Replaced& replaced, Object* module, Object* const* arguments,
                    std::ptrdiff_t count, Object* keywords) {
  constexpr std::size_t kMostArguments = 8;
  std::array<Object*, kMostArguments> changed{};
  if (count > 0 && counter_->is_code(arguments[0])) {
    const std::size_t keyword_count =
        (replaced.now.flags & kKeywords) != 0 && keywords != nullptr
            ? static_cast<std::size_t>(api_.PyTuple_Size(keywords))
            : 0;
    const std::size_t all = static_cast<std::size_t>(count) + keyword_count;
    if (all <= changed.size()) {
      std::copy_n(arguments, all, changed.begin());
      changed[0] = counter_->counted(arguments[0]);
      arguments = changed.data();
    }
  }
  const WithinExec within;
  if ((replaced.now.flags & kKeywords) != 0) {
    using Function = Object* (*)(Object*, Object* const*, std::ptrdiff_t, Object*);
    return reinterpret_cast<Function>(replaced.before.function)(module, arguments, count, keywords);
  }
  using Function = Object* (*)(Object*, Object* const*, std::ptrdiff_t);
  return reinterpret_cast<Function>(replaced.before.function)(module, arguments, count);
}

Object* Agent::on_exec(Object* module, Object* const* arguments, std::ptrdiff_t count,
                       Object* keywords) {
  return the_agent->call(the_agent->exec_, module, arguments, count, keywords);
}

Object* Agent::on_eval(Object* module, Object* const* arguments, std::ptrdiff_t count,
                       Object* keywords) {
  return the_agent->call(the_agent->eval_, module, arguments, count, keywords);
}

// Up to 3.10 an exception that nothing catches is seen where the frame's evaluation fails.
void Agent::watch_frames() {
  if (api_.default_eval_frame == nullptr) {
    return;
  }
  void* interpreter = api_.PyInterpreterState_Main();
  if (api_._PyInterpreterState_SetEvalFrameFunc != nullptr) {
    api_._PyInterpreterState_SetEvalFrameFunc(interpreter,
                                              reinterpret_cast<void*>(&Agent::on_frame));
    return;
  }
  // 3.8 has no function for it; the field is the one that holds the default.
  constexpr std::size_t kWords = 2720 / sizeof(void*);  // sizeof(PyInterpreterState)
  void** words = static_cast<void**>(interpreter);
  for (std::size_t i = 0; i < kWords; ++i) {
    if (words[i] == api_.default_eval_frame) {
      words[i] = reinterpret_cast<void*>(&Agent::on_frame_3_8);
      return;
    }
  }
}

void Agent::check_escape(void* frame) {
  const python::FrameLayout& layout = counter_->layout().frame;
  const char* base = static_cast<const char*>(frame);
  Object* code = nullptr;
  std::int32_t instruction = 0;
  std::memcpy(&code, base + layout.code.bytes, sizeof code);
  std::memcpy(&instruction, base + layout.instruction.bytes, sizeof instruction);
  // 3.10 counts in units.
  const std::int64_t scale = api_.version.at_least(10) ? 2 : 1;
  counter_->escaped(code, instruction * scale);
}

Object* Agent::on_frame(void* thread, void* frame, int throws) {
  using Evaluate = Object* (*)(void*, void*, int);
  Object* result =
      reinterpret_cast<Evaluate>(the_agent->api_.default_eval_frame)(thread, frame, throws);
  if (result == nullptr) {
    the_agent->check_escape(frame);
  }
  return result;
}

Object* Agent::on_frame_3_8(void* frame, int throws) {
  using Evaluate = Object* (*)(void*, int);
  Object* result = reinterpret_cast<Evaluate>(the_agent->api_.default_eval_frame)(frame, throws);
  if (result == nullptr) {
    the_agent->check_escape(frame);
  }
  return result;
}

}  // namespace lancehead::agent
