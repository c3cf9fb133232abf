// The process that compiles: started with little, watched, and killed when it takes too long.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <expected>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "recompile/interpreter.h"

namespace lancehead::recompile {

using Clock = std::chrono::steady_clock;

// One running helper and the stream to it. Killed and reaped by the destructor at the latest.
class HelperProcess {
 public:
  enum class Stop : unsigned char { closed, timed_out };

  [[nodiscard]] static Result<HelperProcess> start(const Interpreter& interpreter,
                                                   const Limits& limits);

  HelperProcess(HelperProcess&& other) noexcept;
  HelperProcess& operator=(HelperProcess&&) = delete;
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;
  ~HelperProcess();

  // Queues what the helper will read; it is sent while answers are awaited.
  void send(Bytes request);

  // The next `count` bytes of the answer.
  [[nodiscard]] std::expected<Bytes, Stop> receive(std::size_t count, Clock::time_point deadline);

  // Ends the helper and says how it ended by itself, as the end of a sentence: "it ended with code
  // 1", "it was killed by signal 11 (Segmentation fault)".
  [[nodiscard]] std::string end();

 private:
  HelperProcess(pid_t pid, UniqueFd stream) : pid_(pid), stream_(std::move(stream)) {}

  void send_some();
  [[nodiscard]] bool receive_some();

  pid_t pid_ = -1;
  UniqueFd stream_;
  Bytes outgoing_;
  std::size_t sent_ = 0;
  Bytes incoming_;
};

}  // namespace lancehead::recompile
