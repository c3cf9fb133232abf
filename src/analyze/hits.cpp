#include "analyze/hits.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analyze/branches.h"
#include "analyze/chosen.h"
#include "analyze/counted_flow.h"
#include "analyze/functions.h"
#include "analyze/lines.h"
#include "code/line_events.h"

namespace lancehead::analyze {
namespace {

using profile::FunctionId;
using profile::Profile;

// Code objects that a program made of one function (in each process, after each reload) add up.
struct Sums {
  std::uint64_t calls = 0;
  code::LineHits lines;
  std::map<std::pair<profile::Position, BranchKind>, Branch> branches;
  std::map<profile::Position, std::uint64_t> call_sites;
};

void add_code(const Profile& profile, schema::CodeId code, const code::FlowRecord& record,
              profile::PositionResolver& positions, Sums& sums) {
  const auto flow = counted_flow(profile.tables(), code, record);
  if (!flow) {
    return;
  }
  for (std::size_t row = 0; row < flow->graph.ways().size(); ++row) {
    if (flow->graph.ways()[row].kind == code::WayKind::enter) {
      sums.calls += flow->solution.ways[row];
    }
  }
  for (const auto& [line, hits] :
       code::line_hits(flow->graph, positions.table_of(code), flow->version, flow->solution)) {
    sums.lines[line] += hits;
  }
  for (const Branch& branch : find_branches(*flow, code, positions)) {
    Branch& sum = sums.branches[{branch.range, branch.kind}];
    sum.kind = branch.kind;
    sum.range = branch.range;
    sum.yes += branch.yes;
    sum.no += branch.no;
  }
  for (const CallSite& site : find_call_sites(*flow, code, positions)) {
    sums.call_sites[site.range] += site.calls;
  }
}

// The time of a line in a file, whichever of the functions on it is meant.
using LineTimes = std::map<std::pair<schema::SourceId, std::uint32_t>, Share>;

LineTimes line_times(const Profile& profile, const Selection& selection) {
  LineTimes times;
  for (const LineRow& row : lines(profile, selection).rows) {
    for (const FunctionId function : row.functions) {
      times[{profile.function(function).source, row.line}] = row.total;
    }
  }
  return times;
}

CountedFunction make_function(const Profile& profile, FunctionId id, const Sums& sums,
                              const LineTimes& times) {
  CountedFunction function{.function = id, .calls = sums.calls};
  const schema::SourceId source = profile.function(id).source;
  for (const auto& [line, hits] : sums.lines) {
    const auto time = times.find({source, line});
    function.lines.push_back(
        {.line = line, .hits = hits, .total = time == times.end() ? Share{} : time->second});
  }
  for (const auto& [key, branch] : sums.branches) {
    function.branches.push_back(branch);
  }
  for (const auto& [range, calls] : sums.call_sites) {
    function.call_sites.push_back({.range = range, .calls = calls});
  }
  return function;
}

std::vector<FileCoverage> coverage(const Profile& profile,
                                   const std::vector<CountedFunction>& functions) {
  struct File {
    schema::SourceId source;
    std::map<std::uint32_t, std::uint64_t> lines;
    std::uint64_t branches = 0;
    std::uint64_t taken = 0;
  };
  std::map<std::string_view, File> by_name;
  for (const CountedFunction& counted : functions) {
    const profile::Function& function = profile.function(counted.function);
    File& file = by_name[function.file];
    file.source = function.source;
    for (const HitLine& line : counted.lines) {
      file.lines[line.line] += line.hits;
    }
    for (const Branch& branch : counted.branches) {
      file.branches += 2;
      file.taken += (branch.yes > 0 ? 1U : 0U) + (branch.no > 0 ? 1U : 0U);
    }
  }
  std::vector<FileCoverage> files;
  for (const auto& [name, file] : by_name) {
    FileCoverage row{.source = file.source,
                     .file = name,
                     .branches = file.branches,
                     .branches_taken = file.taken};
    for (const auto& [line, hits] : file.lines) {
      row.lines.push_back(line);
      if (hits == 0) {
        row.never_run.push_back(line);
      }
    }
    files.push_back(std::move(row));
  }
  return files;
}

std::vector<Uncounted> uncounted(const Profile& profile) {
  const auto& table = profile.tables().uncounted;
  std::vector<Uncounted> rows;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const schema::SourceId source = table.source[row];
    rows.push_back({.file = source ? profile.text(profile.tables().sources.path[source.row()])
                                   : std::string_view(),
                    .name = profile.text(table.name[row]),
                    .first_line = table.first_line[row],
                    .reason = profile.text(table.reason[row])});
  }
  return rows;
}

}  // namespace

Hits hits(const Profile& profile, const Selection& selection) {
  profile::PositionResolver positions(profile.tables());
  std::map<FunctionId, Sums> sums;
  for (const auto& [code, record] : flow_records(profile.tables())) {
    add_code(profile, code, record, positions, sums[profile.function_of(code)]);
  }
  std::map<FunctionId, FunctionRow> times_of;
  for (const FunctionRow& row : functions(profile, selection)) {
    times_of[row.function] = row;
  }
  const LineTimes times = line_times(profile, selection);
  Hits result;
  for (const auto& [id, counted] : sums) {
    CountedFunction function = make_function(profile, id, counted, times);
    function.self = times_of[id].self;
    function.total = times_of[id].total;
    result.functions.push_back(std::move(function));
  }
  result.files = coverage(profile, result.functions);
  if (const auto chosen = chosen_functions(profile); !chosen.empty()) {
    std::erase_if(result.functions,
                  [&](const CountedFunction& row) { return !chosen.contains(row.function); });
  }
  result.uncounted = uncounted(profile);
  std::ranges::stable_sort(result.functions, {}, [&](const CountedFunction& row) {
    const profile::Function& function = profile.function(row.function);
    return std::tuple(-row.self.time, function.file, function.first_line);
  });
  return result;
}

bool has_counts(const Profile& profile) {
  return profile.tables().counts.size() > 0 || profile.tables().uncounted.size() > 0;
}

}  // namespace lancehead::analyze
