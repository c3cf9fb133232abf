// Notices that a process replaced its program (exec), from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "base/unique_fd.h"

namespace lancehead::target {

// Compares where the stack and the code of the process begin: both are laid out anew at each exec.
class ImageWatch {
 public:
  explicit ImageWatch(pid_t process);

  // Whether the image is another one than at the last call (false at the first).
  [[nodiscard]] bool changed();

 private:
  struct Marks {
    std::uint64_t start_code = 0;
    std::uint64_t start_stack = 0;
    bool operator==(const Marks&) const = default;
  };

  [[nodiscard]] std::optional<Marks> read() const;

  UniqueFd status_;
  std::optional<Marks> last_;
};

}  // namespace lancehead::target
