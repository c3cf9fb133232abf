#include "recompile/hot_code.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "code/line_table.h"

namespace lancehead::recompile {
namespace {

using schema::CodeId;
using schema::LineTableKind;
using schema::Tables;

std::span<const std::uint8_t> bytes_of(std::string_view blob) {
  return {reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size()};
}

bool lacks_columns(const schema::CodeRow& code) {
  switch (code.line_table_kind) {
    case LineTableKind::none: return false;
    case LineTableKind::lnotab:
    case LineTableKind::linetable: return true;
    case LineTableKind::locations:
      return !code::decode_line_table(code::LineTableFormat::locations, bytes_of(code.line_table),
                                      code.first_line,
                                      static_cast<std::uint32_t>(code.bytecode.size()))
                  .has_columns();
  }
  return false;
}

// The wall time of each stack with all that it called: parents come before their children.
std::vector<double> total_weights(const Tables& tables) {
  std::vector<double> totals(tables.stacks.size());
  for (std::size_t row = 0; row < tables.samples.size(); ++row) {
    const schema::StackId stack = tables.samples.stack[row];
    if (stack.row() < totals.size()) {
      // Never zero: a stack that was seen counts, whatever its samples weigh.
      totals[stack.row()] += std::max(static_cast<double>(tables.samples.weight[row]), 1.0);
    }
  }
  for (std::size_t row = totals.size(); row-- > 0;) {
    const schema::StackId parent = tables.stacks.parent[row];
    if (parent.row() < row) {
      totals[parent.row()] += totals[row];
    }
  }
  return totals;
}

// The wall time of each code object; zero where it is on no stack.
std::vector<double> code_weights(const Tables& tables) {
  const std::vector<double> totals = total_weights(tables);
  std::vector<double> weights(tables.codes.size());
  for (std::size_t row = 0; row < totals.size(); ++row) {
    const std::size_t frame = tables.stacks.frame[row].row();
    if (frame >= tables.frames.size()) {
      continue;
    }
    const std::size_t code = tables.frames.code[frame].row();
    if (code < weights.size()) {
      weights[code] += totals[row];
    }
  }
  // Branches and calls of code that is counted have places too, sampled or not.
  for (const CodeId counted : tables.counts.code) {
    if (counted.row() < weights.size()) {
      weights[counted.row()] = std::max(weights[counted.row()], 1.0);
    }
  }
  return weights;
}

}  // namespace

std::vector<HotFile> hot_files(const Tables& tables, schema::SessionId session) {
  const std::vector<double> weights = code_weights(tables);
  std::set<CodeId> known;
  for (std::size_t row = 0; row < tables.positions.size(); ++row) {
    known.insert(tables.positions.code[row]);
  }
  std::map<schema::SourceId, HotFile> by_source;
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const CodeId id(row);
    if (weights[row] <= 0 || tables.codes.session[row] != session ||
        tables.codes.kind[row] != schema::CodeKind::python || known.contains(id) ||
        !lacks_columns(tables.codes.row(id))) {
      continue;
    }
    HotFile& file = by_source[tables.codes.source[row]];
    file.source = tables.codes.source[row];
    file.weight += weights[row];
    file.codes.push_back(id);
  }
  std::vector<HotFile> files;
  for (auto& [source, file] : by_source) {
    files.push_back(std::move(file));
  }
  std::ranges::sort(files, {},
                    [](const HotFile& file) { return std::pair(-file.weight, file.source); });
  return files;
}

}  // namespace lancehead::recompile
