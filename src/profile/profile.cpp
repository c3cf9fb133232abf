#include "profile/profile.h"

#include <algorithm>
#include <utility>

namespace lancehead::profile {
namespace {

using schema::FrameId;
using schema::StackId;
using schema::Tables;

// "Parents come first" is what makes every walk end; a recording that breaks it is damaged.
std::size_t cut_loose_parents(Tables& tables) {
  std::size_t cut = 0;
  for (std::size_t row = 0; row < tables.stacks.size(); ++row) {
    StackId& parent = tables.stacks.parent[row];
    if (!parent.is_none() && parent.row() >= row) {
      parent = StackId();
      ++cut;
    }
  }
  return cut;
}

Damage damage_of(const record::Recording& recording) {
  Damage damage{.sentences = {}, .complete = recording.complete};
  for (const record::Damage& part : recording.damage) {
    damage.sentences.push_back(part.what);
  }
  return damage;
}

}  // namespace

Profile::Profile(record::Recording recording)
    : Profile(std::move(recording.tables), damage_of(recording)) {}

Profile::Profile(Tables tables, Damage damage)
    : tables_(std::make_unique<Tables>(std::move(tables))), damage_(std::move(damage)) {
  if (cut_loose_parents(*tables_) > 0) {
    damage_.sentences.emplace_back(
        "Some stacks name a caller that is not there and are shown without it.");
  }
  functions_ = find_functions(*tables_);
  positions_ = resolve_positions(*tables_);
  threads_ = find_threads(*tables_);
  for (std::size_t row = 0; row < tables_->sources.size(); ++row) {
    sources_.emplace_back(tables_->sources.text[row]);
  }
}

std::string_view Profile::text(schema::StringId id) const {
  return id.is_none() ? std::string_view() : tables_->strings.text[id.row()];
}

FunctionId Profile::function_of(FrameId frame) const {
  const schema::CodeId code =
      frame.is_none() ? schema::CodeId() : tables_->frames.code[frame.row()];
  return code.is_none() ? FunctionId() : functions_.of_code[code.row()];
}

std::vector<FrameId> Profile::frames_of(StackId stack) const {
  std::vector<FrameId> frames;
  for (; !stack.is_none(); stack = tables_->stacks.parent[stack.row()]) {
    frames.push_back(tables_->stacks.frame[stack.row()]);
  }
  std::ranges::reverse(frames);
  return frames;
}

FrameId Profile::leaf_of(StackId stack) const {
  return stack.is_none() ? FrameId() : tables_->stacks.frame[stack.row()];
}

std::optional<std::string_view> Profile::source_line(schema::SourceId source,
                                                     std::uint32_t line) const {
  return source.is_none() ? std::nullopt : sources_[source.row()].line(line);
}

const Thread* Profile::thread_of(schema::ContextId context) const {
  const auto found = std::ranges::lower_bound(
      threads_, context.value, {}, [](const Thread& thread) { return thread.context.value; });
  return found == threads_.end() || found->context != context ? nullptr : &*found;
}

}  // namespace lancehead::profile
