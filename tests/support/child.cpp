#include "support/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <charconv>
#include <string>

#include "base/clock.h"
#include "target/text_file.h"
#include "target/thread_files.h"

namespace lancehead::testing {
namespace {

std::string read_thread_file(pid_t process, pid_t thread, const char* name) {
  return target::read_text_file(
             fmt::format("/proc/{}/task/{}/{}", process, thread == 0 ? process : thread, name))
      .value_or("");
}

}  // namespace

bool ChildSide::wait() const {
  char byte = 0;
  return ::read(in_, &byte, 1) == 1;
}

void ChildSide::tell(std::uint64_t value) const {
  (void)!::write(out_, &value, sizeof value);
}

void ChildSide::count() const {
  for (;;) {
    ++counter;
  }
}

Child::Child(const std::function<int(const ChildSide&)>& run) {
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  (void)!::pipe2(to_child.data(), O_CLOEXEC);
  (void)!::pipe2(from_child.data(), O_CLOEXEC);
  void* shared =
      ::mmap(nullptr, sizeof(*counter_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  counter_ = new (shared) std::atomic<std::uint64_t>(0);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Where tests run in the background of a shell that is gone, their process group is orphaned,
    // and the kernel throws SIGTSTP away.
    ::setpgid(0, 0);
    ::close(to_child[1]);
    ::close(from_child[0]);
    ::_exit(run(ChildSide(to_child[0], from_child[1], *counter_)));
  }
  ::close(to_child[0]);
  ::close(from_child[1]);
  to_child_.reset(to_child[1]);
  from_child_.reset(from_child[0]);
}

Child::~Child() {
  ::kill(pid_, SIGKILL);
  // Whoever traced it may have reaped it already.
  ::waitpid(pid_, nullptr, __WALL);
  ::munmap(counter_, sizeof(*counter_));
}

void Child::tell() const {
  (void)!::write(to_child_.get(), "x", 1);
}

std::uint64_t Child::hear() const {
  std::uint64_t value = 0;
  (void)!::read(from_child_.get(), &value, sizeof value);
  return value;
}

char Child::state(pid_t thread) const {
  const std::string text = read_thread_file(pid_, thread, "stat");
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '-' : text[name_end + 2];
}

int Child::system_call(pid_t thread) const {
  const auto call = target::parse_system_call(read_thread_file(pid_, thread, "syscall"));
  return call.where == target::SystemCall::Where::waiting ? call.number : -1;
}

pid_t Child::tracer() const {
  const std::string text = read_thread_file(pid_, 0, "status");
  constexpr std::string_view kKey = "TracerPid:\t";
  const std::size_t at = text.find(kKey);
  pid_t tracer = 0;
  if (at != std::string::npos) {
    std::from_chars(text.data() + at + kKey.size(), text.data() + text.size(), tracer);
  }
  return tracer;
}

int Child::join() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool await(const std::function<bool()>& truth, const std::function<void()>& step) {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &wanted, &before);
  const Nanoseconds deadline = monotonic_now() + std::chrono::seconds(30);
  bool holds = false;
  do {
    step();
    holds = truth();
    if (!holds) {
      constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 1'000'000};
      ::sigtimedwait(&wanted, nullptr, &kPause);
    }
  } while (!holds && monotonic_now() < deadline);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return holds;
}

}  // namespace lancehead::testing
