#include "show/hits_json.h"

#include <utility>

namespace lancehead::show {
namespace {

const char* kind_name(analyze::BranchKind kind) {
  switch (kind) {
    case analyze::BranchKind::condition: return "condition";
    case analyze::BranchKind::none_test: return "none_test";
    case analyze::BranchKind::loop: return "loop";
    case analyze::BranchKind::exception: return "exception";
  }
  return "";
}

Json range_json(const profile::Position& range) {
  const bool columns = range.has_columns();
  return {{"line", range.line},
          {"column", columns ? Json(range.column) : Json(nullptr)},
          {"end_line", range.end_line},
          {"end_column", columns ? Json(range.end_column) : Json(nullptr)}};
}

Json counted_json(const profile::Profile& profile, const analyze::CountedFunction& counted) {
  Json lines = Json::array();
  for (const analyze::HitLine& line : counted.lines) {
    lines.push_back({{"line", line.line}, {"hits", line.hits}, {"total", share_json(line.total)}});
  }
  return {{"function", function_json(profile, counted.function)},
          {"calls", counted.calls},
          {"self", share_json(counted.self)},
          {"total", share_json(counted.total)},
          {"lines", lines},
          {"branches", branches_json(counted)},
          {"call_sites", call_sites_json(counted)}};
}

}  // namespace

Json branches_json(const analyze::CountedFunction& counted) {
  Json branches = Json::array();
  for (const analyze::Branch& branch : counted.branches) {
    Json row = range_json(branch.range);
    row["kind"] = kind_name(branch.kind);
    row["yes"] = branch.yes;
    row["no"] = branch.no;
    branches.push_back(std::move(row));
  }
  return branches;
}

Json call_sites_json(const analyze::CountedFunction& counted) {
  Json sites = Json::array();
  for (const analyze::CallSite& site : counted.call_sites) {
    Json row = range_json(site.range);
    row["calls"] = site.calls;
    sites.push_back(std::move(row));
  }
  return sites;
}

void add_hits(Json& json, const profile::Profile& profile, const analyze::Selection& selection,
              const FunctionFilter& filter) {
  const analyze::Hits hits = analyze::hits(profile, selection);
  Json counted = Json::array();
  for (const analyze::CountedFunction& row : hits.functions) {
    if (filter.shows(profile, row.function)) {
      counted.push_back(counted_json(profile, row));
    }
  }
  Json files = Json::array();
  for (const analyze::FileCoverage& file : hits.files) {
    files.push_back({{"file", file.file},
                     {"lines", file.lines},
                     {"never_run", file.never_run},
                     {"branch_outcomes", file.branches},
                     {"branch_outcomes_taken", file.branches_taken}});
  }
  Json uncounted = Json::array();
  for (const analyze::Uncounted& row : hits.uncounted) {
    uncounted.push_back({{"file", row.file},
                         {"name", row.name},
                         {"first_line", row.first_line},
                         {"reason", row.reason}});
  }
  json["counted"] = std::move(counted);
  json["coverage"] = std::move(files);
  json["uncounted"] = std::move(uncounted);
}

}  // namespace lancehead::show
