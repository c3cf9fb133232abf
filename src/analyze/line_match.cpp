// After P. Heckel, "A technique for isolating differences between files", CACM 21 (1978): lines
// that occur once in each text are the same line wherever they stand, and equal neighbours of the
// same line are the same, too. Unlike the longest common subsequence, that finds what was moved.
#include "analyze/line_match.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>

namespace lancehead::analyze {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Gaps of more lines are not aligned line by line: the table grows with the product.
constexpr std::size_t kLargestTable = 250'000;

// Edited lines that have less in common are not taken for each other.
constexpr double kLeastSimilarity = 0.5;
constexpr double kEqual = 2;  // counts more than any similarity

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\f\r");
  return begin == std::string_view::npos
             ? std::string_view()
             : line.substr(begin, line.find_last_not_of(" \t\f\r") + 1 - begin);
}

std::vector<std::string_view> all_trimmed(std::span<const std::string_view> lines) {
  std::vector<std::string_view> keys;
  keys.reserve(lines.size());
  for (const std::string_view line : lines) {
    keys.push_back(trimmed(line));
  }
  return keys;
}

// The part of their pairs of neighbouring characters that two lines have in common (Dice's
// coefficient), by a hash of the pairs.
double similarity(std::string_view a, std::string_view b) {
  constexpr std::size_t kCells = 256;
  if (a.size() < 2 || b.size() < 2) {
    return a == b ? 1 : 0;
  }
  std::array<std::int32_t, kCells> counts{};
  const auto cell = [](std::string_view text, std::size_t at) {
    return (static_cast<unsigned char>(text[at]) * 31U + static_cast<unsigned char>(text[at + 1])) %
           kCells;
  };
  for (std::size_t at = 0; at + 1 < a.size(); ++at) {
    ++counts[cell(a, at)];
  }
  std::size_t common = 0;
  for (std::size_t at = 0; at + 1 < b.size(); ++at) {
    if (counts[cell(b, at)]-- > 0) {
      ++common;
    }
  }
  return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size() - 2);
}

class Matcher {
 public:
  Matcher(std::span<const std::string_view> before, std::span<const std::string_view> after)
      : before_(all_trimmed(before)),
        after_(all_trimmed(after)),
        partner_of_before_(before_.size(), kNone),
        partner_of_after_(after_.size(), kNone) {}

  std::vector<LinePair> match() {
    count_lines();
    pair_unique_lines();
    pair_equal_neighbours();
    pair_within_gaps();
    pair_what_is_left();
    std::vector<LinePair> pairs;
    for (std::size_t j = 0; j < after_.size(); ++j) {
      if (const std::size_t i = partner_of_after_[j]; i != kNone) {
        pairs.push_back({.before = static_cast<std::uint32_t>(i + 1),
                         .after = static_cast<std::uint32_t>(j + 1),
                         .is_same = before_[i] == after_[j]});
      }
    }
    return pairs;
  }

 private:
  struct Places {
    std::vector<std::size_t> before;
    std::vector<std::size_t> after;
  };

  void pair(std::size_t before, std::size_t after) {
    partner_of_before_[before] = after;
    partner_of_after_[after] = before;
  }

  bool pair_if_equal(std::size_t before, std::size_t after) {
    if (before >= before_.size() || after >= after_.size() || partner_of_before_[before] != kNone ||
        partner_of_after_[after] != kNone || before_[before] != after_[after]) {
      return false;
    }
    pair(before, after);
    return true;
  }

  void count_lines() {
    for (std::size_t i = 0; i < before_.size(); ++i) {
      places_[before_[i]].before.push_back(i);
    }
    for (std::size_t j = 0; j < after_.size(); ++j) {
      places_[after_[j]].after.push_back(j);
    }
  }

  void pair_unique_lines() {
    for (const auto& [key, places] : places_) {
      if (!key.empty() && places.before.size() == 1 && places.after.size() == 1) {
        pair(places.before.front(), places.after.front());
      }
    }
  }

  void pair_equal_neighbours() {
    // The texts begin and end together.
    for (std::size_t at = 0; pair_if_equal(at, at); ++at) {
    }
    for (std::size_t at = 1; at <= std::min(before_.size(), after_.size()) &&
                             pair_if_equal(before_.size() - at, after_.size() - at);
         ++at) {
    }
    for (std::size_t j = 0; j < after_.size(); ++j) {
      if (const std::size_t i = partner_of_after_[j]; i != kNone) {
        pair_if_equal(i + 1, j + 1);
      }
    }
    for (std::size_t j = after_.size(); j-- > 0;) {
      if (const std::size_t i = partner_of_after_[j]; i != kNone && i > 0 && j > 0) {
        pair_if_equal(i - 1, j - 1);
      }
    }
  }

  // Runs of lines without a partner that follow the same neighbour in both texts.
  void pair_within_gaps() {
    for (std::size_t begin = 0; begin < after_.size();) {
      if (partner_of_after_[begin] != kNone) {
        ++begin;
        continue;
      }
      std::size_t end = begin;
      while (end < after_.size() && partner_of_after_[end] == kNone) {
        ++end;
      }
      const std::size_t first = begin == 0 ? 0 : partner_of_after_[begin - 1] + 1;
      std::size_t last = first;
      while (last < before_.size() && partner_of_before_[last] == kNone) {
        ++last;
      }
      const bool ends_alike =
          end == after_.size() ? last == before_.size() : partner_of_after_[end] == last;
      if (last > first) {
        align(first, last, begin, end, ends_alike);
      }
      begin = end;
    }
  }

  [[nodiscard]] double score(std::size_t before, std::size_t after) const {
    if (before_[before] == after_[after]) {
      return kEqual;
    }
    const double alike = similarity(before_[before], after_[after]);
    return alike >= kLeastSimilarity ? alike : 0;
  }

  // Pairs lines of a gap in order so that they are as alike as can be. Where as many lines were
  // written as were deleted between the same neighbours, each stands for one.
  void align(std::size_t first, std::size_t last, std::size_t begin, std::size_t end,
             bool ends_alike) {
    const std::size_t rows = last - first;
    const std::size_t columns = end - begin;
    if (rows == columns && ends_alike) {
      for (std::size_t at = 0; at < rows; ++at) {
        pair(first + at, begin + at);
      }
      return;
    }
    if (rows * columns > kLargestTable) {
      return;
    }
    const std::size_t width = columns + 1;
    std::vector<double> best((rows + 1) * width, 0);
    std::vector<double> scores(rows * columns, 0);
    for (std::size_t i = rows; i-- > 0;) {
      for (std::size_t j = columns; j-- > 0;) {
        const double alike = score(first + i, begin + j);
        scores[i * columns + j] = alike;
        best[i * width + j] = std::max({best[(i + 1) * width + j], best[i * width + j + 1],
                                        alike + best[(i + 1) * width + j + 1]});
      }
    }
    for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
      const double alike = scores[i * columns + j];
      if (alike > 0 && best[i * width + j] == alike + best[(i + 1) * width + j + 1]) {
        pair(first + i++, begin + j++);
      } else if (best[i * width + j] == best[(i + 1) * width + j]) {
        ++i;
      } else {
        ++j;
      }
    }
  }

  // Lines that occur several times and were moved: in order, where there are as many on both sides.
  void pair_what_is_left() {
    for (auto& [key, places] : places_) {
      std::erase_if(places.before,
                    [this](std::size_t i) { return partner_of_before_[i] != kNone; });
      std::erase_if(places.after, [this](std::size_t j) { return partner_of_after_[j] != kNone; });
      if (!key.empty() && places.before.size() == places.after.size()) {
        for (std::size_t at = 0; at < places.before.size(); ++at) {
          pair(places.before[at], places.after[at]);
        }
      }
    }
  }

  std::vector<std::string_view> before_;
  std::vector<std::string_view> after_;
  std::vector<std::size_t> partner_of_before_;
  std::vector<std::size_t> partner_of_after_;
  std::unordered_map<std::string_view, Places> places_;
};

}  // namespace

std::vector<LinePair> match_lines(std::span<const std::string_view> before,
                                  std::span<const std::string_view> after) {
  return Matcher(before, after).match();
}

}  // namespace lancehead::analyze
