#include "analyze/expression_match.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lancehead::analyze {
namespace {

using profile::Position;
using profile::Profile;

// Longer expressions are known by their beginning.
constexpr std::uint32_t kMostLines = 100;

// The text of a range without the blanks at the begins and ends of its lines, so that it is the
// same in another column; empty where the source is not there. Columns may point anywhere.
std::string text_of(const Profile& profile, const LineRow& row, const Position& range) {
  std::string text;
  const schema::SourceId source = profile.function(row.functions.front()).source;
  const std::uint32_t last = std::min(range.end_line, range.line + kMostLines);
  for (std::uint32_t number = range.line; number <= last; ++number) {
    const auto line = profile.source_line(source, number);
    if (!line) {
      break;
    }
    const std::size_t end = number == range.end_line
                                ? std::min<std::size_t>(range.end_column, line->size())
                                : line->size();
    const std::size_t begin =
        number == range.line ? std::min<std::size_t>(range.column, line->size()) : 0;
    std::string_view part = line->substr(begin, end - std::min(begin, end));
    const std::size_t first = part.find_first_not_of(" \t\f");
    part = first == std::string_view::npos
               ? std::string_view()
               : part.substr(first, part.find_last_not_of(" \t\f") + 1 - first);
    text += part;
    text += '\n';
  }
  return text;
}

template <typename Key>
using Groups = std::map<Key, std::vector<std::size_t>>;

class Matcher {
 public:
  Matcher(const Profile& before, const LineRow& before_row, const Profile& after,
          const LineRow& after_row)
      : before_(&before),
        after_(&after),
        before_row_(&before_row),
        after_row_(&after_row),
        is_paired_before_(before_row.expressions.size()),
        is_paired_after_(after_row.expressions.size()) {}

  std::vector<IndexPair> match() {
    pair_by_text();
    pair_by_depth();
    for (std::size_t i = 0; i < is_paired_before_.size(); ++i) {
      if (!is_paired_before_[i]) {
        pairs_.emplace_back(i, std::nullopt);
      }
    }
    for (std::size_t i = 0; i < is_paired_after_.size(); ++i) {
      if (!is_paired_after_[i]) {
        pairs_.emplace_back(std::nullopt, i);
      }
    }
    return std::move(pairs_);
  }

 private:
  void pair(std::size_t before, std::size_t after) {
    is_paired_before_[before] = true;
    is_paired_after_[after] = true;
    pairs_.emplace_back(before, after);
  }

  void pair_by_text() {
    Groups<std::string> before;
    for (std::size_t i = 0; i < is_paired_before_.size(); ++i) {
      before[text_of(*before_, *before_row_, before_row_->expressions[i].range)].push_back(i);
    }
    Groups<std::string> after;
    for (std::size_t i = 0; i < is_paired_after_.size(); ++i) {
      after[text_of(*after_, *after_row_, after_row_->expressions[i].range)].push_back(i);
    }
    for (const auto& [text, ids] : after) {
      const auto found = before.find(text);
      if (found == before.end() || text.empty()) {
        continue;
      }
      for (std::size_t at = 0; at < std::min(ids.size(), found->second.size()); ++at) {
        pair(found->second[at], ids[at]);
      }
    }
  }

  static Groups<std::size_t> left_over(const LineRow& row, const std::vector<bool>& is_paired) {
    Groups<std::size_t> left;
    for (std::size_t i = 0; i < is_paired.size(); ++i) {
      if (!is_paired[i]) {
        left[row.expressions[i].depth].push_back(i);
      }
    }
    return left;
  }

  void pair_by_depth() {
    const auto before = left_over(*before_row_, is_paired_before_);
    for (const auto& [depth, ids] : left_over(*after_row_, is_paired_after_)) {
      const auto found = before.find(depth);
      if (found == before.end() || found->second.size() != ids.size()) {
        continue;
      }
      for (std::size_t at = 0; at < ids.size(); ++at) {
        pair(found->second[at], ids[at]);
      }
    }
  }

  const Profile* before_;
  const Profile* after_;
  const LineRow* before_row_;
  const LineRow* after_row_;
  std::vector<bool> is_paired_before_;
  std::vector<bool> is_paired_after_;
  std::vector<IndexPair> pairs_;
};

}  // namespace

std::vector<IndexPair> match_expressions(const Profile& before, const LineRow& before_row,
                                         const Profile& after, const LineRow& after_row) {
  return Matcher(before, before_row, after, after_row).match();
}

}  // namespace lancehead::analyze
