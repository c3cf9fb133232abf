// A recording in memory, with its ids resolved: what frames, functions and threads really are.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profile/function.h"
#include "profile/position.h"
#include "profile/source_text.h"
#include "profile/thread.h"
#include "record/reader.h"
#include "schema/tables.h"

namespace lancehead::profile {

// What of a recording could not be read, in whole sentences; none where all is there. `complete`
// says that the recorder came to its end.
struct Damage {
  std::vector<std::string> sentences;
  bool complete = true;
};

// Everything is resolved once, on construction; afterwards it only answers. Ids must be in range
// (record::read() sees to that); a parent of a stack that does not come before it is cut off.
class Profile {
 public:
  explicit Profile(schema::Tables tables, Damage damage = {});
  explicit Profile(record::Recording recording);
  Profile(Profile&&) = default;
  Profile& operator=(Profile&&) = default;
  Profile(const Profile&) = delete;  // texts are views into the tables
  Profile& operator=(const Profile&) = delete;
  ~Profile() = default;

  [[nodiscard]] const schema::Tables& tables() const { return *tables_; }
  [[nodiscard]] const Damage& damage() const { return damage_; }

  // Empty for none.
  [[nodiscard]] std::string_view text(schema::StringId id) const;

  [[nodiscard]] std::span<const Function> functions() const { return functions_.functions; }
  [[nodiscard]] const Function& function(FunctionId id) const {
    return functions_.functions[id.row()];
  }
  // None for none.
  [[nodiscard]] FunctionId function_of(schema::CodeId code) const {
    return code.is_none() ? FunctionId() : functions_.of_code[code.row()];
  }
  // None for a frame without code.
  [[nodiscard]] FunctionId function_of(schema::FrameId frame) const;
  [[nodiscard]] const Position& position_of(schema::FrameId frame) const {
    return positions_[frame.row()];
  }

  // Root first.
  [[nodiscard]] std::vector<schema::FrameId> frames_of(schema::StackId stack) const;
  // None where the stack is none.
  [[nodiscard]] schema::FrameId leaf_of(schema::StackId stack) const;

  // Nothing where the text is not in the recording or has no such line.
  [[nodiscard]] std::optional<std::string_view> source_line(schema::SourceId source,
                                                            std::uint32_t line) const;

  [[nodiscard]] std::span<const Thread> threads() const { return threads_; }
  // nullptr where the context is no thread.
  [[nodiscard]] const Thread* thread_of(schema::ContextId context) const;

 private:
  std::unique_ptr<schema::Tables> tables_;  // its address is what the views hang on
  Damage damage_;
  FunctionTable functions_;
  std::vector<Position> positions_;
  std::vector<SourceText> sources_;
  std::vector<Thread> threads_;
};

}  // namespace lancehead::profile
