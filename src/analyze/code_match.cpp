#include "analyze/code_match.h"

#include <algorithm>
#include <tuple>

#include "analyze/file_match.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

std::vector<std::string_view> lines_of(const Profile& profile, FunctionId function) {
  std::vector<std::string_view> lines;
  const schema::SourceId source = profile.function(function).source;
  for (std::uint32_t number = 1;; ++number) {
    const auto line = profile.source_line(source, number);
    if (!line) {
      return lines;
    }
    lines.push_back(*line);
  }
}

// A function of each file, one with a text where there is one.
std::map<std::string_view, FunctionId> function_of_file(const Profile& profile) {
  std::map<std::string_view, FunctionId> functions;
  for (std::size_t row = 0; row < profile.functions().size(); ++row) {
    const profile::Function& function = profile.functions()[row];
    const auto [entry, is_new] = functions.try_emplace(function.file, FunctionId(row));
    if (!is_new && !profile.source_line(profile.function(entry->second).source, 1) &&
        profile.source_line(function.source, 1)) {
      entry->second = FunctionId(row);
    }
  }
  return functions;
}

}  // namespace

CodeMatch::CodeMatch(const Profile& before, const Profile& after)
    : before_(&before),
      after_(&after),
      before_of_(after.functions().size()),
      after_of_(before.functions().size()) {
  const auto any_before = function_of_file(before);
  const auto any_after = function_of_file(after);
  for (const auto& [old_path, new_path] : match_files(before, after)) {
    file_of_after_[new_path] = files_.size();
    files_.push_back({.before = old_path, .after = new_path, .has_text = false, .lines = {}});
    match_lines_of(files_.back(), any_before.at(old_path), any_after.at(new_path));
  }
  match_functions();
}

void CodeMatch::match_lines_of(FileMatch& file, FunctionId before, FunctionId after) {
  const auto old_lines = lines_of(*before_, before);
  const auto new_lines = lines_of(*after_, after);
  file.has_text = !old_lines.empty() && !new_lines.empty();
  if (!file.has_text) {
    return;
  }
  file.lines = match_lines(old_lines, new_lines);
  for (const LinePair& pair : file.lines) {
    line_of_after_[{file_of_after_.at(file.after), pair.after}] = pair.before;
  }
}

void CodeMatch::pair(FunctionId before, FunctionId after) {
  before_of_[after.row()] = before;
  after_of_[before.row()] = after;
}

void CodeMatch::match_functions() {
  // Functions without a file are the same by name; the empty path stands for it.
  using Key = std::tuple<std::string_view, schema::CodeKind, std::string_view>;
  std::map<Key, std::vector<FunctionId>> named;
  std::map<std::tuple<std::string_view, schema::CodeKind, std::uint32_t>, FunctionId> placed;
  for (std::size_t row = 0; row < before_->functions().size(); ++row) {
    const profile::Function& one = before_->functions()[row];
    named[{one.file, one.kind, one.name}].push_back(FunctionId(row));
    placed[{one.file, one.kind, one.first_line}] = FunctionId(row);
  }
  std::vector<FunctionId> afters;
  for (std::size_t row = 0; row < after_->functions().size(); ++row) {
    afters.emplace_back(row);
  }
  std::ranges::stable_sort(afters, {},
                           [this](FunctionId id) { return after_->function(id).first_line; });
  for (auto& [key, ids] : named) {
    std::ranges::stable_sort(ids, {},
                             [this](FunctionId id) { return before_->function(id).first_line; });
  }
  const auto free_before = [this](FunctionId id) { return after_of_[id.row()].is_none(); };
  for (const bool by_line : {true, false}) {
    for (const FunctionId id : afters) {
      const profile::Function& one = after_->function(id);
      const auto found = named.find({file_before(one.file), one.kind, one.name});
      if (!before_of(id).is_none() || found == named.end()) {
        continue;
      }
      const auto line = mapped_line(one.file, one.first_line);
      const auto same = std::ranges::find_if(found->second, [&](FunctionId candidate) {
        return free_before(candidate) &&
               (!by_line || before_->function(candidate).first_line == line);
      });
      if (same != found->second.end()) {
        pair(*same, id);
      }
    }
  }
  for (const FunctionId id : afters) {
    const profile::Function& one = after_->function(id);
    const auto line = mapped_line(one.file, one.first_line);
    if (!before_of(id).is_none() || !line) {
      continue;
    }
    const auto found = placed.find({file_before(one.file), one.kind, *line});
    if (found != placed.end() && free_before(found->second)) {
      pair(found->second, id);
    }
  }
}

std::string_view CodeMatch::file_before(std::string_view after) const {
  const auto found = file_of_after_.find(after);
  return found == file_of_after_.end() ? std::string_view() : files_[found->second].before;
}

std::optional<std::uint32_t> CodeMatch::mapped_line(std::string_view file,
                                                    std::uint32_t line) const {
  const auto found = file_of_after_.find(file);
  if (found == file_of_after_.end()) {
    return std::nullopt;
  }
  const auto mapped = line_of_after_.find({found->second, line});
  return mapped == line_of_after_.end() ? std::nullopt : std::optional(mapped->second);
}

std::optional<std::uint32_t> CodeMatch::line_before(FunctionId after, std::uint32_t line) const {
  const profile::Function& function = after_->function(after);
  const auto file = file_of_after_.find(function.file);
  if (file == file_of_after_.end()) {
    return std::nullopt;
  }
  if (files_[file->second].has_text) {
    return mapped_line(function.file, line);
  }
  const FunctionId before = before_of(after);
  if (before.is_none() || line < function.first_line) {
    return std::nullopt;
  }
  return line - function.first_line + before_->function(before).first_line;
}

}  // namespace lancehead::analyze
