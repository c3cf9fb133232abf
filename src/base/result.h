// The one way in which a call that can fail says so.
//
// Paths that run once per recording return Result<T>, whose Error carries sentences for a person.
// Paths that run once per sample return Faulty<T> (see fault.h), which costs one byte.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace lancehead {

// What a failure means to whoever called `lancehead`; decides the exit code (see cli/exit_code.h).
enum class ErrorKind : unsigned char {
  usage,           // the command line is off
  cannot_observe,  // permission, unsupported target
  incomplete,      // something was recorded, but not all of it
  bad_recording,   // a file that is not a recording, too new, or damaged
  io,              // a file or folder could not be read or written
  target_gone,     // the process ended while it was looked at
};

// `what` says what failed and the value seen, `remedy` what to do about it (may be empty).
// Both are whole sentences.
struct Error {
  ErrorKind kind;
  std::string what;
  std::string remedy;
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string what,
                                                 std::string remedy = {}) {
  return std::unexpected(Error{kind, std::move(what), std::move(remedy)});
}

}  // namespace lancehead
