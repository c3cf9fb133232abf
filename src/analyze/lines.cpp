#include "analyze/lines.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "analyze/compiled.h"
#include "analyze/loops.h"
#include "analyze/places.h"
#include "analyze/stack_keys.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;
using schema::FrameId;

struct LineSums {
  ShareEstimator self;
  ShareEstimator total;
  ShareEstimator rest;
  TimeSplit self_split;
};

struct ExpressionSums {
  ShareEstimator self;
  ShareEstimator own;
  ShareEstimator total;
};

std::vector<std::vector<Key>> lines_of_frames(const Places& places) {
  std::vector<std::vector<Key>> keys(places.line_of_frame.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (places.line_of_frame[row] != kNoPlace) {
      keys[row].push_back(places.line_of_frame[row]);
    }
  }
  return keys;
}

std::vector<std::vector<Key>> expressions_of_frames(const Places& places) {
  std::vector<std::vector<Key>> keys(places.expression_of_frame.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    if (const std::uint32_t expression = places.expression_of_frame[row]; expression != kNoPlace) {
      keys[row] = places.expressions[expression].around;
    }
  }
  return keys;
}

class Counter {
 public:
  Counter(const Profile& profile, const Selection& selection)
      : profile_(&profile),
        selection_(&selection),
        places_(find_places(profile)),
        line_keys_(profile.tables(), lines_of_frames(places_)),
        expression_keys_(profile.tables(), expressions_of_frames(places_)),
        lines_(places_.lines.size()),
        expressions_(places_.expressions.size()) {}

  Lines count() {
    for (const FunctionId function : compiled_functions(*profile_)) {
      compiled_.try_emplace(function);
    }
    for (std::size_t i = 0; i < selection_->samples.size(); ++i) {
      count_sample(i);
    }
    return {.rows = line_rows(), .compiled = compiled_rows()};
  }

 private:
  struct Compiled {
    ShareEstimator self;
    std::map<std::uint32_t, double> loops;
  };

  void count_sample(std::size_t i) {
    const auto& samples = profile_->tables().samples;
    const auto& weights = selection_->weights;
    const std::uint32_t row = selection_->samples[i];
    const schema::StackId stack = samples.stack[row];
    for (const Key line : line_keys_.of(stack)) {
      lines_[line].total.add(weights, i);
    }
    for (const Key expression : expression_keys_.of(stack)) {
      expressions_[expression].total.add(weights, i);
    }
    if (const FrameId leaf = profile_->leaf_of(stack)) {
      count_leaf(i, row, leaf);
    }
  }

  void count_leaf(std::size_t i, std::uint32_t row, FrameId leaf) {
    const auto& weights = selection_->weights;
    if (const auto compiled = compiled_.find(profile_->function_of(leaf));
        compiled != compiled_.end()) {
      compiled->second.self.add(weights, i);
      if (const auto loop = enclosing_loop(*profile_, leaf)) {
        compiled->second.loops[*loop] += weights[i];
      }
    }
    const std::uint32_t line = places_.line_of_frame[leaf.row()];
    if (line == kNoPlace) {
      return;
    }
    lines_[line].self.add(weights, i);
    lines_[line].self_split.add(profile_->tables().samples, row);
    const std::uint32_t expression = places_.expression_of_frame[leaf.row()];
    if (expression == kNoPlace) {
      lines_[line].rest.add(weights, i);
      return;
    }
    expressions_[expression].own.add(weights, i);
    for (const std::uint32_t around : places_.expressions[expression].around) {
      expressions_[around].self.add(weights, i);
    }
  }

  std::vector<LineRow> line_rows() const {
    std::vector<LineRow> rows;
    std::unordered_map<std::uint32_t, std::size_t> row_of_line;
    for (std::uint32_t line = 0; line < lines_.size(); ++line) {
      const Line& place = places_.lines[line];
      const bool is_compiled = std::ranges::any_of(
          place.functions, [this](FunctionId function) { return compiled_.contains(function); });
      if (lines_[line].total.samples() == 0 || is_compiled) {
        continue;
      }
      row_of_line.emplace(line, rows.size());
      rows.push_back({.functions = place.functions,
                      .line = place.number,
                      .self = make_share(*selection_, lines_[line].self),
                      .total = make_share(*selection_, lines_[line].total),
                      .self_split = lines_[line].self_split,
                      .expressions = {},
                      .rest = make_share(*selection_, lines_[line].rest, kExpressionFloor),
                      .has_columns = places_.has_columns[line]});
    }
    for (std::size_t i = 0; i < expressions_.size(); ++i) {
      const auto row = row_of_line.find(places_.expressions[i].line);
      if (row != row_of_line.end() && expressions_[i].total.samples() > 0) {
        rows[row->second].expressions.push_back(expression_row(i));
      }
    }
    std::ranges::stable_sort(rows, std::ranges::greater(), [](const LineRow& row) {
      return std::tuple(row.self.time, row.total.time);
    });
    return rows;
  }

  ExpressionRow expression_row(std::size_t i) const {
    return {.range = places_.expressions[i].range,
            .depth = places_.expressions[i].depth,
            .self = make_share(*selection_, expressions_[i].self, kExpressionFloor),
            .own = make_share(*selection_, expressions_[i].own, kExpressionFloor),
            .total = make_share(*selection_, expressions_[i].total, kExpressionFloor)};
  }

  std::vector<CompiledFunction> compiled_rows() const {
    std::vector<CompiledFunction> rows;
    for (const auto& [function, compiled] : compiled_) {
      if (compiled.self.samples() == 0) {
        continue;
      }
      std::vector<std::pair<double, std::uint32_t>> loops;
      for (const auto& [line, time] : compiled.loops) {
        loops.emplace_back(-time, line);
      }
      std::ranges::sort(loops);
      rows.push_back(
          {.function = function, .self = make_share(*selection_, compiled.self), .loops = {}});
      for (const auto& [time, line] : loops) {
        rows.back().loops.push_back(line);
      }
    }
    std::ranges::stable_sort(rows, std::ranges::greater(),
                             [](const CompiledFunction& row) { return row.self.time; });
    return rows;
  }

  const Profile* profile_;
  const Selection* selection_;
  Places places_;
  StackKeys line_keys_;
  StackKeys expression_keys_;
  std::vector<LineSums> lines_;
  std::vector<ExpressionSums> expressions_;
  std::map<FunctionId, Compiled> compiled_;
};

}  // namespace

Lines lines(const Profile& profile, const Selection& selection) {
  return Counter(profile, selection).count();
}

}  // namespace lancehead::analyze
