// The same code in two recordings: files, functions and lines by what they are, not where they lie.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "analyze/line_match.h"
#include "profile/profile.h"

namespace lancehead::analyze {

// A file of the second recording and the same of the first.
struct FileMatch {
  std::string_view before;
  std::string_view after;
  bool has_text = false;        // of both; only then there are pairs
  std::vector<LinePair> lines;  // by the line of the second
};

// A file is the same where its path is, or what its path is behind the folder of installed
// packages, of the interpreter's library or of the program; else where nothing but a folder was
// renamed, or a single own file. Its functions are the same by kind and qualified name; where
// several have one name, or one was renamed, the line on which they begin decides, then the order.
class CodeMatch {
 public:
  CodeMatch(const profile::Profile& before, const profile::Profile& after);

  [[nodiscard]] const std::vector<FileMatch>& files() const { return files_; }

  // The function of the first recording; none where it has none. And the other way round.
  [[nodiscard]] profile::FunctionId before_of(profile::FunctionId after) const {
    return after.is_none() ? after : before_of_[after.row()];
  }
  [[nodiscard]] profile::FunctionId after_of(profile::FunctionId before) const {
    return before.is_none() ? before : after_of_[before.row()];
  }

  // The file of the first recording; empty where it has none.
  [[nodiscard]] std::string_view file_before(std::string_view after) const;

  // The line of the first recording. Where texts are not kept, it is told by its distance from the
  // beginning of the function.
  [[nodiscard]] std::optional<std::uint32_t> line_before(profile::FunctionId after,
                                                         std::uint32_t line) const;

 private:
  void match_lines_of(FileMatch& file, profile::FunctionId before, profile::FunctionId after);
  void match_functions();
  void pair(profile::FunctionId before, profile::FunctionId after);
  [[nodiscard]] std::optional<std::uint32_t> mapped_line(std::string_view file,
                                                         std::uint32_t line) const;

  const profile::Profile* before_;
  const profile::Profile* after_;
  std::vector<FileMatch> files_;
  std::map<std::string_view, std::size_t> file_of_after_;
  std::map<std::pair<std::size_t, std::uint32_t>, std::uint32_t> line_of_after_;  // by file
  std::vector<profile::FunctionId> before_of_;
  std::vector<profile::FunctionId> after_of_;
};

}  // namespace lancehead::analyze
