#include "recompile/helper_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "recompile/helper_source.h"

namespace lancehead::recompile {
namespace {

// What the new process could not do before it became the interpreter.
struct StartFailure {
  enum Step : int { none, streams, root_folder, user, limits, execute };
  int step = none;
  int error = 0;
};

bool limit(__rlimit_resource resource, rlim_t value) {
  rlimit current{};
  if (::getrlimit(resource, &current) != 0) {
    return false;
  }
  const rlim_t wanted = std::min(value, current.rlim_max);
  const rlimit limits{wanted, wanted};
  return ::setrlimit(resource, &limits) == 0;
}

bool set_limits(const Limits& limits) {
  constexpr rlim_t kStack = rlim_t{256} << 20;  // deep syntax trees recurse in C
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limits.total).count() + 1;
  return limit(RLIMIT_AS, limits.memory) && limit(RLIMIT_CPU, static_cast<rlim_t>(seconds)) &&
         limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 64) &&
         limit(RLIMIT_STACK, kStack);
}

bool become(const Interpreter& interpreter) {
  if (::geteuid() != 0) {
    return true;
  }
  if (interpreter.gid && (::setgroups(0, nullptr) != 0 || ::setgid(*interpreter.gid) != 0)) {
    return false;
  }
  return !interpreter.uid || ::setuid(*interpreter.uid) == 0;
}

bool connect_streams(int stream) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  return null >= 0 && ::dup2(stream, 0) == 0 && ::dup2(stream, 1) == 1 && ::dup2(null, 2) == 2 &&
         ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

void restore_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) {
    ::signal(signal, SIG_DFL);
  }
}

// Runs between fork and exec: system calls only.
StartFailure become_interpreter(const Interpreter& interpreter, const Limits& limits, int stream,
                                char* const* argv) {
  const auto failed = [](StartFailure::Step step) { return StartFailure{step, errno}; };
  ::setsid();
  restore_signals();
  if (!connect_streams(stream)) {
    return failed(StartFailure::streams);
  }
  if (!interpreter.root.empty() && interpreter.root != "/" && ::geteuid() == 0 &&
      ::chroot(interpreter.root.c_str()) != 0) {
    return failed(StartFailure::root_folder);
  }
  if (::chdir("/") != 0) {
    return failed(StartFailure::root_folder);
  }
  if (!set_limits(limits)) {
    return failed(StartFailure::limits);
  }
  if (!become(interpreter)) {
    return failed(StartFailure::user);
  }
  // The death of the parent is only told to whoever asks after changing its user.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  char* const environment[] = {nullptr};
  ::execvpe(argv[0], argv, environment);
  return failed(StartFailure::execute);
}

std::string describe(const StartFailure& failure, const Interpreter& interpreter) {
  const char* reason = std::strerror(failure.error);
  switch (failure.step) {
    case StartFailure::root_folder:
      return fmt::format("its root folder '{}' could not be entered: {}.", interpreter.root,
                         reason);
    case StartFailure::user:
      return fmt::format("the user {} could not be taken on: {}.", interpreter.uid.value_or(0),
                         reason);
    case StartFailure::limits: return fmt::format("its limits could not be set: {}.", reason);
    case StartFailure::execute: return fmt::format("it could not be started: {}.", reason);
    default: return fmt::format("its streams could not be connected: {}.", reason);
  }
}

std::unexpected<Error> cannot_start(const Interpreter& interpreter, const std::string& why) {
  return fail(ErrorKind::cannot_observe,
              fmt::format("The interpreter '{}' cannot look for expressions: {}",
                          fmt::join(interpreter.argv, " "), why));
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Result<HelperProcess> HelperProcess::start(const Interpreter& interpreter, const Limits& limits) {
  if (interpreter.argv.empty()) {
    return cannot_start(interpreter, "no command was given.");
  }
  std::array<int, 2> ends{};
  std::array<int, 2> report{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return cannot_start(interpreter, fmt::format("no socket: {}.", std::strerror(errno)));
  }
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  if (::pipe2(report.data(), O_CLOEXEC) != 0) {
    return cannot_start(interpreter, fmt::format("no pipe: {}.", std::strerror(errno)));
  }
  UniqueFd report_in(report[0]);
  UniqueFd report_out(report[1]);
  std::vector<std::string> words = interpreter.argv;
  for (const char* word : {"-I", "-S", "-E", "-B", "-W", "ignore", "-c"}) {
    words.emplace_back(word);
  }
  words.emplace_back(kHelperSource);
  const std::vector<char*> argv = pointers_to(words);

  const pid_t pid = ::fork();
  if (pid < 0) {
    return cannot_start(interpreter, fmt::format("no new process: {}.", std::strerror(errno)));
  }
  if (pid == 0) {
    const StartFailure failure = become_interpreter(interpreter, limits, theirs.get(), argv.data());
    [[maybe_unused]] const ssize_t told = ::write(report_out.get(), &failure, sizeof failure);
    ::_exit(127);
  }
  theirs.reset();
  report_out.reset();
  HelperProcess helper(pid, std::move(ours));
  StartFailure failure;
  ssize_t got = 0;
  do {
    got = ::read(report_in.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof failure)) {
    return cannot_start(interpreter, describe(failure, interpreter));
  }
  return helper;
}

HelperProcess::HelperProcess(HelperProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      stream_(std::move(other.stream_)),
      outgoing_(std::move(other.outgoing_)),
      sent_(other.sent_),
      incoming_(std::move(other.incoming_)) {}

HelperProcess::~HelperProcess() {
  if (pid_ > 0) {
    static_cast<void>(end());
  }
}

void HelperProcess::send(Bytes request) {
  outgoing_.insert(outgoing_.end(), request.begin(), request.end());
}

void HelperProcess::send_some() {
  const ssize_t sent = ::send(stream_.get(), outgoing_.data() + sent_, outgoing_.size() - sent_,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) {
    sent_ += static_cast<std::size_t>(sent);
  } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    sent_ = outgoing_.size();  // nobody reads any more; receiving will tell why
  }
  if (sent_ == outgoing_.size()) {
    outgoing_.clear();
    sent_ = 0;
  }
}

bool HelperProcess::receive_some() {
  std::array<std::byte, 65536> buffer{};
  const ssize_t got = ::recv(stream_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) {
    incoming_.insert(incoming_.end(), buffer.begin(), buffer.begin() + got);
    return true;
  }
  return got < 0 && (errno == EAGAIN || errno == EINTR);
}

std::expected<Bytes, HelperProcess::Stop> HelperProcess::receive(std::size_t count,
                                                                 Clock::time_point deadline) {
  while (incoming_.size() < count) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      return std::unexpected(Stop::timed_out);
    }
    pollfd ready{stream_.get(), POLLIN, 0};
    if (!outgoing_.empty()) {
      ready.events |= POLLOUT;
    }
    ::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left, 1000)));
    if ((ready.revents & POLLOUT) != 0 && !outgoing_.empty()) {
      send_some();
    }
    if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive_some()) {
      return std::unexpected(Stop::closed);
    }
  }
  const auto end = incoming_.begin() + static_cast<std::ptrdiff_t>(count);
  Bytes taken(incoming_.begin(), end);
  incoming_.erase(incoming_.begin(), end);
  return taken;
}

std::string HelperProcess::end() {
  if (pid_ <= 0) {
    return "it is not running";
  }
  // A helper that has closed its stream is about to end by itself, and how it does is of interest.
  stream_.reset();
  const auto deadline = Clock::now() + std::chrono::milliseconds(200);
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < deadline) {
    ::poll(nullptr, 0, 1);
  }
  if (ended == 0) {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return "it had to be killed";
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    return fmt::format("it was killed by signal {} ({})", WTERMSIG(status),
                       ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("it ended with code {}", WEXITSTATUS(status));
}

}  // namespace lancehead::recompile
