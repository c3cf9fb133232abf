#include "show/json.h"

#include <algorithm>

#include "analyze/blocked.h"
#include "analyze/call_tree.h"
#include "analyze/calls.h"
#include "analyze/functions.h"
#include "analyze/gil.h"
#include "analyze/hits.h"
#include "analyze/instructions.h"
#include "analyze/lines.h"
#include "analyze/threads.h"
#include "analyze/unspecialised.h"
#include "show/call_order.h"
#include "show/hits_json.h"
#include "show/instruction_json.h"
#include "show/json_parts.h"
#include "show/page.h"
#include "show/selection.h"

namespace lancehead::show {
namespace {

using profile::FunctionId;
using profile::Profile;

Json split_json(const analyze::TimeSplit& split) {
  return {{"wall_ns", time_json(split.wall)},
          {"cpu_ns", time_json(split.cpu)},
          {"running_ns", time_json(split.running())},
          {"waiting_for_gil_ns", time_json(split.waiting)},
          {"ready_ns", time_json(split.ready())},
          {"blocked_ns", time_json(split.blocked)},
          {"stopped_ns", time_json(split.stopped)},
          {"unknown_ns", time_json(split.unknown)},
          {"collecting_ns", time_json(split.collecting)},
          {"with_gil_ns", time_json(split.with_gil)}};
}

Json place_json(const Profile& profile, const analyze::LinePlace& place) {
  return {{"function", function_json(profile, place.function)}, {"line", place.line}};
}

class Writer {
 public:
  Writer(const Profile& profile, const analyze::Selection& selection, const ReportOptions& options,
         const FunctionFilter& filter)
      : profile_(&profile), selection_(&selection), options_(&options), filter_(&filter) {}

  Json write() const {
    Json json = {{"format", "lancehead-report"},
                 {"version", kJsonVersion},
                 {"summary", summary_json(*profile_)},
                 {"clock", clock_name(selection_->clock)},
                 {"total_ns", time_json(selection_->weights.total())},
                 {"unseen_share", selection_->unseen},
                 {"split", split_json(selection_->split)}};
    const ReportView view = options_->view;
    const bool all = view == ReportView::overview;
    if (all || view == ReportView::function) {
      json["functions"] = functions();
    }
    if (all || view == ReportView::line || view == ReportView::expression) {
      add_lines(json);
    }
    if (all || view == ReportView::thread) {
      add_threads(json);
    }
    if (view == ReportView::instruction) {
      add_instructions(json);
    }
    if (view == ReportView::calls) {
      json["calls"] = calls();
    }
    if (view == ReportView::hits || (all && analyze::has_counts(*profile_))) {
      add_hits(json, *profile_, *selection_, *filter_);
    }
    if (view == ReportView::tree) {
      json["tree"] = tree();
    }
    return json;
  }

 private:
  [[nodiscard]] bool shows(FunctionId function) const {
    return filter_->shows(*profile_, function);
  }
  [[nodiscard]] bool is_full(const Json& rows) const {
    const std::size_t most = options_->limit.value_or(0);
    return most != 0 && rows.size() >= most;
  }

  Json functions() const {
    Json rows = Json::array();
    for (const auto& row : analyze::functions(*profile_, *selection_)) {
      if (is_full(rows)) {
        break;
      }
      if (shows(row.function)) {
        rows.push_back({{"function", function_json(*profile_, row.function)},
                        {"self", share_json(row.self)},
                        {"total", share_json(row.total)},
                        {"self_split", split_json(row.self_split)},
                        {"total_split", split_json(row.total_split)}});
      }
    }
    return rows;
  }

  Json expressions(const analyze::LineRow& row) const {
    Json rows = Json::array();
    for (const analyze::ExpressionRow& expression : row.expressions) {
      rows.push_back({{"column", expression.range.column},
                      {"end_line", expression.range.end_line},
                      {"end_column", expression.range.end_column},
                      {"depth", expression.depth},
                      {"self", share_json(expression.self)},
                      {"own", share_json(expression.own)},
                      {"total", share_json(expression.total)}});
    }
    return rows;
  }

  Json line(const analyze::LineRow& row) const {
    Json functions = Json::array();
    for (const FunctionId function : row.functions) {
      functions.push_back(function_json(*profile_, function));
    }
    const profile::Function& first = profile_->function(row.functions.front());
    const auto source = profile_->source_line(first.source, row.line);
    return {{"file", first.file},
            {"line", row.line},
            {"source", source ? Json(*source) : Json(nullptr)},
            {"functions", functions},
            {"self", share_json(row.self)},
            {"total", share_json(row.total)},
            {"self_split", split_json(row.self_split)},
            {"has_columns", row.has_columns},
            {"expressions", expressions(row)},
            {"rest", share_json(row.rest)}};
  }

  void add_lines(Json& json) const {
    const analyze::Lines lines = analyze::lines(*profile_, *selection_);
    Json rows = Json::array();
    for (const analyze::LineRow& row : lines.rows) {
      if (is_full(rows)) {
        break;
      }
      if (std::ranges::any_of(row.functions, [this](FunctionId id) { return shows(id); })) {
        rows.push_back(line(row));
      }
    }
    Json compiled = Json::array();
    for (const analyze::CompiledFunction& row : lines.compiled) {
      compiled.push_back({{"function", function_json(*profile_, row.function)},
                          {"self", share_json(row.self)},
                          {"loops", row.loops}});
    }
    json["lines"] = std::move(rows);
    json["compiled"] = std::move(compiled);
  }

  void add_instructions(Json& json) const {
    auto listings = analyze::code_listings(*profile_, *selection_);
    std::erase_if(listings,
                  [this](const analyze::CodeListing& one) { return !shows(one.function); });
    Json bytecode = Json::array();
    for (const analyze::CodeListing& listing : listings) {
      if (is_full(bytecode)) {
        break;
      }
      bytecode.push_back(listing_json(*profile_, listing));
    }
    Json unspecialised = Json::array();
    for (const auto& row : analyze::hot_and_unspecialised(listings)) {
      if (is_full(unspecialised)) {
        break;
      }
      unspecialised.push_back(unspecialised_json(*profile_, row));
    }
    json["bytecode"] = std::move(bytecode);
    json["unspecialised"] = std::move(unspecialised);
  }

  void add_threads(Json& json) const {
    Json rows = Json::array();
    for (const analyze::ThreadRow& row : analyze::threads(*profile_, *selection_)) {
      Json thread = nullptr;
      if (row.thread != nullptr) {
        thread = {{"name", row.thread->name},
                  {"os_id", row.thread->os_id},
                  {"process", row.thread->process_os_id}};
      }
      rows.push_back(
          {{"thread", thread}, {"samples", row.samples}, {"split", split_json(row.split)}});
    }
    const analyze::CpuTotal cpu = analyze::cpu_total(*profile_);
    json["threads"] = std::move(rows);
    json["cpu"] = {{"process_ns", cpu.process_is_known ? time_json(cpu.process) : Json(nullptr)},
                   {"python_ns", time_json(cpu.python)},
                   {"native_ns", time_json(cpu.native)},
                   {"native_threads", cpu.native_threads},
                   {"unseen_ns", time_json(cpu.unseen())}};
    json["gil_waits"] = gil_waits();
    json["blocked"] = blocked();
  }

  Json gil_waits() const {
    Json rows = Json::array();
    for (const analyze::GilWait& wait : analyze::gil_waits(*profile_, *selection_)) {
      Json holders = Json::array();
      for (const analyze::HolderRow& holder : wait.holders) {
        holders.push_back(
            {{"place", place_json(*profile_, holder.place)}, {"ns", time_json(holder.time)}});
      }
      rows.push_back({{"place", place_json(*profile_, wait.place)},
                      {"ns", time_json(wait.time)},
                      {"holders", holders}});
    }
    return rows;
  }

  Json blocked() const {
    Json rows = Json::array();
    for (const analyze::BlockedRow& row : analyze::blocked(*profile_, *selection_)) {
      rows.push_back({{"system_call", row.system_call},
                      {"place", place_json(*profile_, row.place)},
                      {"ns", time_json(row.time)}});
    }
    return rows;
  }

  Json calls() const {
    const analyze::Calls calls = analyze::calls(*profile_);
    auto functions = calls.functions;
    sort_calls(*profile_, options_->sort, functions);
    Json rows = Json::array();
    for (const analyze::CalledFunction& row : functions) {
      if (is_full(rows)) {
        break;
      }
      if (shows(row.function)) {
        Json json = sums_json(row.sums);
        json["function"] = function_json(*profile_, row.function);
        rows.push_back(std::move(json));
      }
    }
    return {{"calls", calls.calls},
            {"primitive", calls.primitive},
            {"measured_ns", time_json(calls.time)},
            {"corrected_ns", time_json(calls.time_corrected)},
            {"cost_ns", {{"python", cost_json(calls.python)}, {"c", cost_json(calls.native)}}},
            {"lost", calls.lost},
            {"without_end", calls.dropped},
            {"without_begin", calls.unmatched},
            {"seen_by", calls.by_profile_function ? "profile function" : "sys.monitoring"},
            {"functions", std::move(rows)},
            {"edges", call_edges(calls)}};
  }

  Json call_edges(const analyze::Calls& calls) const {
    Json rows = Json::array();
    for (const analyze::CallEdge& edge : calls.edges) {
      if (shows(edge.callee)) {
        Json json = sums_json(edge.sums);
        json["caller"] = function_json(*profile_, edge.caller);
        json["callee"] = function_json(*profile_, edge.callee);
        rows.push_back(std::move(json));
      }
    }
    return rows;
  }

  static Json sums_json(const analyze::CallSums& sums) {
    return {{"calls", sums.calls},
            {"primitive", sums.primitive},
            {"self_measured_ns", time_json(sums.self)},
            {"total_measured_ns", time_json(sums.total)},
            {"self_ns", time_json(sums.self_corrected)},
            {"total_ns", time_json(sums.total_corrected)}};
  }

  static Json cost_json(const analyze::CallCost& cost) {
    return {{"inside", cost.inside}, {"outside", cost.outside}};
  }

  // A flat list, because a deep recursion must not become a deep document: `children` are places in
  // the list, node 0 is the root.
  Json tree() const {
    Json nodes = Json::array();
    for (const analyze::CallNode& node : analyze::call_tree(*profile_, *selection_).nodes) {
      nodes.push_back({{"function", function_json(*profile_, node.function)},
                       {"self_ns", time_json(node.self)},
                       {"total_ns", time_json(node.total)},
                       {"recursive", node.recursive},
                       {"children", node.children}});
    }
    return nodes;
  }

  const Profile* profile_;
  const analyze::Selection* selection_;
  const ReportOptions* options_;
  const FunctionFilter* filter_;
};

}  // namespace

Result<std::string> render_json(const Profile& profile, const ReportOptions& options) {
  const auto filter = FunctionFilter::make(profile, options);
  if (!filter) {
    return std::unexpected(filter.error());
  }
  const auto selection = select_for(profile, options);
  if (!selection) {
    return std::unexpected(selection.error());
  }
  // Names may hold bytes that are no UTF-8, which JSON cannot; they become U+FFFD.
  return Writer(profile, *selection, options, *filter)
             .write()
             .dump(1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace lancehead::show
