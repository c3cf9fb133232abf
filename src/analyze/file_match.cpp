#include "analyze/file_match.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "profile/file_name.h"

namespace lancehead::analyze {
namespace {

using profile::Profile;
using Paths = std::set<std::string_view>;
using Keys = std::map<std::string, std::vector<std::string_view>>;

Paths paths_of(const Profile& profile) {
  Paths paths;
  for (const profile::Function& function : profile.functions()) {
    if (!function.file.empty()) {
      paths.insert(function.file);
    }
  }
  return paths;
}

bool is_own(std::string_view path) {
  return !path.starts_with('<') && !profile::installed_path(path);
}

class Matcher {
 public:
  Matcher(const Profile& before, const Profile& after)
      : before_folders_(profile::program_folders(before)),
        after_folders_(profile::program_folders(after)),
        before_(paths_of(before)),
        after_(paths_of(after)) {}

  std::vector<std::pair<std::string_view, std::string_view>> match() {
    pair_by([](std::string_view path, const auto&) { return std::optional(std::string(path)); });
    pair_by([](std::string_view path, const auto& folders) {
      return std::optional(std::string(profile::short_path(path, folders)));
    });
    // A renamed folder: as much of the path's end as tells the file from all others.
    for (const std::size_t parts : {4U, 3U, 2U, 1U}) {
      pair_by([parts](std::string_view path, const auto&) { return end_of(path, parts); });
    }
    pair_single_own_file();
    return std::move(pairs_);
  }

 private:
  template <typename Key>
  static Keys keys_of(const Paths& paths, const std::vector<std::string_view>& folders,
                      const Key& key) {
    Keys keys;
    for (const std::string_view path : paths) {
      if (const auto text = key(path, folders)) {
        keys[*text].push_back(path);
      }
    }
    return keys;
  }

  // Pairs the paths whose key no other path of their recording has.
  template <typename Key>
  void pair_by(const Key& key) {
    const Keys before = keys_of(before_, before_folders_, key);
    for (const auto& [text, after] : keys_of(after_, after_folders_, key)) {
      const auto found = before.find(text);
      if (found != before.end() && found->second.size() == 1 && after.size() == 1) {
        pair(found->second.front(), after.front());
      }
    }
  }

  static std::optional<std::string> end_of(std::string_view path, std::size_t parts) {
    if (!is_own(path)) {
      return std::nullopt;
    }
    std::size_t at = path.size();
    for (; parts > 0 && at != std::string_view::npos && at > 0; --parts) {
      at = path.rfind('/', at - 1);
    }
    return parts > 0 || at == std::string_view::npos ? std::nullopt
                                                     : std::optional(std::string(path.substr(at)));
  }

  // old.py and new.py: two versions of one script beside each other.
  void pair_single_own_file() {
    const auto single = [](const Paths& paths) {
      std::optional<std::string_view> own;
      for (const std::string_view path : paths) {
        if (is_own(path)) {
          if (own) {
            return std::optional<std::string_view>();
          }
          own = path;
        }
      }
      return own;
    };
    const auto before = single(before_);
    const auto after = single(after_);
    if (before && after) {
      pair(*before, *after);
    }
  }

  void pair(std::string_view before, std::string_view after) {
    pairs_.emplace_back(before, after);
    before_.erase(before);
    after_.erase(after);
  }

  std::vector<std::string_view> before_folders_;
  std::vector<std::string_view> after_folders_;
  Paths before_;  // those without a partner yet
  Paths after_;
  std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> match_files(const Profile& before,
                                                                       const Profile& after) {
  return Matcher(before, after).match();
}

}  // namespace lancehead::analyze
