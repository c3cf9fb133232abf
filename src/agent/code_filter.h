// Which files are counted: the program's own, unless others are asked for.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lancehead::agent {

class CodeFilter {
 public:
  // `configuration` has a line for each pattern: `include GLOB` or `exclude GLOB`, where a glob
  // without a slash is that of a file name or of a folder on the way to it. `libraries` are the
  // folders of the interpreter's own library.
  CodeFilter(std::string_view configuration, std::vector<std::string> libraries);

  // `filename` is that of a code object: perhaps relative, perhaps no file at all ("<string>").
  [[nodiscard]] bool counts(const std::string& filename);

 private:
  [[nodiscard]] bool decide(const std::string& filename) const;

  std::vector<std::string> included_, excluded_, libraries_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace lancehead::agent
