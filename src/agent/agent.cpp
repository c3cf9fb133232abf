#include "agent/agent.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "agent/profile_source.h"
#include "base/unique_fd.h"
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

// The event by which `lancehead.profile` names a function.
constexpr std::string_view kProfileEvent = "lancehead.profile";
// The line of the configuration that asks for `profile` among the builtins.
constexpr std::string_view kBuiltinProfile = "builtin profile";

// And the beginning of the line that names a file to run first.
constexpr std::string_view kSetup = "setup ";

// What follows `key` at the beginning of a line; nothing where no line begins so.
std::optional<std::string> line_after(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (text.starts_with(key)) {
      return std::string(text.substr(key.size(), end - key.size()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

std::optional<std::string> read_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> part{};
  ssize_t size = 0;
  while ((size = ::read(file.get(), part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return size == 0 ? std::optional(text) : std::nullopt;
}

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

// The path that was given leads through the recorder's descriptors, and ends when the recorder
// does.
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
      const int result = agent.begin();
      agent.main_pending_ = name != "cpython.run_module";
      return result;
    }
    return 0;
  }
  if (name == kProfileEvent) {
    if (agent.counter_ != nullptr) {
      agent.counter_->choose(agent.api_.PyTuple_GetItem(arguments, 0));
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

int Agent::begin() {
  if (begun_) {
    return 0;
  }
  begun_ = true;
  share_ = std::make_unique<ShareWriter>(share_path_.c_str(), api_.version.to_hex());
  if (!share_->is_open()) {
    return 0;
  }
  begin_measuring();
  if (line_after(share_->configuration(), kBuiltinProfile)) {
    offer_profile();
  }
  const auto setup = line_after(share_->configuration(), kSetup);
  return setup ? run_setup(*setup) : 0;
}

void Agent::begin_measuring() {
  layout_ = layout_of(api_);
  if (!layout_) {
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
  replace("builtins", "exec", &Agent::on_exec, exec_);
  replace("builtins", "eval", &Agent::on_eval, eval_);
  replace("marshal", "dump", &Agent::on_dump, dump_);
  replace("marshal", "dumps", &Agent::on_dumps, dumps_);
  if (!api_.version.at_least(11)) {
    watch_frames();
  }
}

// Runs code as a module of its own; returns its names.
ObjectRef Agent::run_text(const std::string& text, const char* filename, const char* name) {
  constexpr int kFile = 257;  // Py_file_input
  Object* builtins = api_.PyEval_GetBuiltins();
  ObjectRef globals(api_, api_.PyDict_New());
  const ObjectRef module(api_, api_.PyUnicode_FromString(name));
  const ObjectRef file(api_, api_.PyUnicode_FromString(filename));
  const ObjectRef code(api_, api_.Py_CompileString(text.c_str(), filename, kFile));
  const bool all = builtins != nullptr && globals && module && file && code &&
                   api_.PyDict_SetItemString(globals.get(), "__builtins__", builtins) == 0 &&
                   api_.PyDict_SetItemString(globals.get(), "__name__", module.get()) == 0 &&
                   api_.PyDict_SetItemString(globals.get(), "__file__", file.get()) == 0;
  const ObjectRef done(
      api_, all ? api_.PyEval_EvalCode(code.get(), globals.get(), globals.get()) : nullptr);
  return done ? std::move(globals) : ObjectRef(api_, nullptr);
}

// Puts `profile` among the builtins, as kernprof does. It is the package's own, whose text we
// bring: the environment of the program need not have the package.
void Agent::offer_profile() {
  const ObjectRef names = run_text(std::string(kProfileSource), "<lancehead>", "lancehead");
  Object* profile = names ? api_.PyDict_GetItemString(names.get(), "profile") : nullptr;
  Object* builtins = api_.PyEval_GetBuiltins();
  if (profile != nullptr && builtins != nullptr) {
    api_.PyDict_SetItemString(builtins, "profile", profile);
  }
  api_.PyErr_Clear();
}

int Agent::run_setup(const std::string& path) {
  const auto text = read_file(path);
  if (!text) {
    const std::string what = "lancehead cannot read the setup `" + path + "`";
    Object* error = api_.PyDict_GetItemString(api_.PyEval_GetBuiltins(), "OSError");
    api_.PyErr_SetString(error, what.c_str());
    return -1;
  }
  return run_text(*text, path.c_str(), "__main__") ? 0 : -1;
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

// The interpreter compiles the main program itself and is about to run it. Up to 3.10 it then runs
// what we make of that code object. Later a code object holds its instructions, which cannot grow:
// so the counted one is run here, with the same stack beneath it, and the other does nothing.
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
void Agent::replace(const char* module, const char* name, Function with, Replaced& replaced) {
  Object* found = api_.PyImport_AddModule(module);
  Object* function =
      found == nullptr ? nullptr : api_.PyDict_GetItemString(api_.PyModule_GetDict(found), name);
  if (function == nullptr) {
    api_.PyErr_Clear();
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
  replaced.now.function = reinterpret_cast<void*>(with);
  definition = &replaced.now;
  std::memcpy(place, &definition, sizeof definition);
}

Object* Agent::call(const Replaced& replaced, Object* first, Object* module,
                    Object* const* arguments, std::ptrdiff_t count, Object* keywords) {
  const bool takes_keywords = (replaced.now.flags & kKeywords) != 0;
  constexpr std::size_t kMostArguments = 8;
  std::array<Object*, kMostArguments> changed{};
  const std::size_t keyword_count = takes_keywords && keywords != nullptr
                                        ? static_cast<std::size_t>(api_.PyTuple_Size(keywords))
                                        : 0;
  const std::size_t all = static_cast<std::size_t>(count) + keyword_count;
  if (all <= changed.size() && first != arguments[0]) {
    std::copy_n(arguments, all, changed.begin());
    changed[0] = first;
    arguments = changed.data();
  }
  if (takes_keywords) {
    return reinterpret_cast<Function>(replaced.before.function)(module, arguments, count, keywords);
  }
  using Plain = Object* (*)(Object*, Object* const*, std::ptrdiff_t);
  return reinterpret_cast<Plain>(replaced.before.function)(module, arguments, count);
}

Object* Agent::run_counted(const Replaced& replaced, Object* module, Object* const* arguments,
                           std::ptrdiff_t count, Object* keywords) {
  Object* first = count > 0 ? arguments[0] : nullptr;
  if (first != nullptr && counter_->is_code(first)) {
    first = counter_->counted(first);
  }
  const WithinExec within;
  return call(replaced, first, module, arguments, count, keywords);
}

// Nobody can read a probe back from a file.
Object* Agent::dump_original(const Replaced& replaced, Object* module, Object* const* arguments,
                             std::ptrdiff_t count, Object* keywords) {
  Object* first = count > 0 ? arguments[0] : nullptr;
  if (first != nullptr && counter_->is_code(first)) {
    first = counter_->original(first);
  }
  return call(replaced, first, module, arguments, count, keywords);
}

Object* Agent::on_exec(Object* module, Object* const* arguments, std::ptrdiff_t count,
                       Object* keywords) {
  return the_agent->run_counted(the_agent->exec_, module, arguments, count, keywords);
}

Object* Agent::on_eval(Object* module, Object* const* arguments, std::ptrdiff_t count,
                       Object* keywords) {
  return the_agent->run_counted(the_agent->eval_, module, arguments, count, keywords);
}

Object* Agent::on_dump(Object* module, Object* const* arguments, std::ptrdiff_t count,
                       Object* keywords) {
  return the_agent->dump_original(the_agent->dump_, module, arguments, count, keywords);
}

Object* Agent::on_dumps(Object* module, Object* const* arguments, std::ptrdiff_t count,
                        Object* keywords) {
  return the_agent->dump_original(the_agent->dumps_, module, arguments, count, keywords);
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
