#include "show/collapsed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "show/text.h"

namespace lancehead::show {
namespace {

using profile::Profile;
using schema::ContextId;
using schema::FrameId;
using schema::StackId;

std::string without_semicolons(std::string text) {
  std::ranges::replace(text, ';', ',');
  return text;
}

std::string frame_name(const Profile& profile, FrameId frame) {
  const profile::FunctionId id = profile.function_of(frame);
  if (id.is_none()) {
    return "(not known)";
  }
  const profile::Function& function = profile.function(id);
  std::string name = escape(function.name);
  if (!function.file.empty()) {
    const std::uint32_t line = profile.position_of(frame).line;
    name += fmt::format(" ({}:{})", escape(function.file), line);
  }
  return without_semicolons(name);
}

std::string root_names(const Profile& profile, ContextId context, CollapsedRoots roots) {
  const profile::Thread* thread = profile.thread_of(context);
  if (roots == CollapsedRoots::none || thread == nullptr) {
    return {};
  }
  std::string names;
  if (roots == CollapsedRoots::process) {
    names = fmt::format("process {};", thread->process_os_id);
  }
  const std::string name = thread->name.empty() ? "thread" : escape(thread->name);
  return names + without_semicolons(fmt::format("{} ({})", name, thread->os_id)) + ";";
}

std::string stack_names(const Profile& profile, const std::vector<std::string>& frame_names,
                        StackId stack) {
  if (stack.is_none()) {
    return "(no Python frame)";
  }
  std::string names;
  for (const FrameId frame : profile.frames_of(stack)) {
    names += names.empty() ? "" : ";";
    names += frame.is_none() ? "(not known)" : frame_names[frame.row()];
  }
  return names;
}

}  // namespace

std::string collapsed_stacks(const Profile& profile, const analyze::Selection& selection,
                             CollapsedRoots roots) {
  constexpr double kMicrosecond = 1e3;
  const auto& samples = profile.tables().samples;
  std::map<std::pair<ContextId, StackId>, double> times;
  for (std::size_t i = 0; i < selection.samples.size(); ++i) {
    const std::uint32_t row = selection.samples[i];
    const ContextId context = roots == CollapsedRoots::none ? ContextId() : samples.context[row];
    times[{context, samples.stack[row]}] += selection.weights[i];
  }
  std::vector<std::string> frame_names;
  for (std::size_t row = 0; row < profile.tables().frames.size(); ++row) {
    frame_names.push_back(frame_name(profile, FrameId(row)));
  }
  // Stacks that differ only in what a name does not tell become one line.
  std::map<std::string, double> lines;
  for (const auto& [key, time] : times) {
    lines[root_names(profile, key.first, roots) + stack_names(profile, frame_names, key.second)] +=
        time;
  }
  std::string text;
  for (const auto& [names, time] : lines) {
    if (const double count = std::round(time / kMicrosecond); count >= 1) {
      text += fmt::format("{} {:.0f}\n", names, count);
    }
  }
  return text;
}

}  // namespace lancehead::show
