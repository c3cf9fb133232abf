// Child processes for tests: what they do is a function, and pipes say when.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <functional>

#include "base/unique_fd.h"

namespace lancehead::testing {

// What a child does; it ends with the returned exit code.
class ChildSide {
 public:
  ChildSide(int in, int out, std::atomic<std::uint64_t>& shared)
      : counter(shared), in_(in), out_(out) {}

  // Blocks until the test tells; false when the test has ended.
  bool wait() const;
  void tell(std::uint64_t value) const;
  // Counts for ever.
  [[noreturn]] void count() const;

  [[nodiscard]] int in() const { return in_; }

  std::atomic<std::uint64_t>& counter;  // the test sees it too

 private:
  int in_;
  int out_;
};

class Child {
 public:
  // Forks. The child runs in a process with this thread alone.
  explicit Child(const std::function<int(const ChildSide&)>& run);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();  // kills it

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::uint64_t counter() const { return counter_->load(); }

  void tell() const;
  // What the child tells; zero where it ended instead.
  [[nodiscard]] std::uint64_t hear() const;

  // The letter of proc(5) for the state of the process, or of one of its threads; '-' if gone.
  [[nodiscard]] char state(pid_t thread = 0) const;
  // The number of the system call that it is in, or -1.
  [[nodiscard]] int system_call(pid_t thread = 0) const;
  // Who traces it; 0: nobody.
  [[nodiscard]] pid_t tracer() const;

  // The exit code, or minus the signal; for children that nobody else reaps.
  int join();

 private:
  pid_t pid_ = -1;
  UniqueFd to_child_;
  UniqueFd from_child_;
  std::atomic<std::uint64_t>* counter_;
};

// Runs `step` again and again until `truth` holds; false after half a minute. SIGCHLD ends the
// pauses between.
bool await(const std::function<bool()>& truth, const std::function<void()>& step = [] {});

}  // namespace lancehead::testing
