#include "profile/thread.h"

namespace lancehead::profile {
namespace {

using schema::ContextChange;
using schema::ContextId;
using schema::ContextKind;
using schema::Tables;

// The nearest context of kind `process` above. A damaged recording may hold a circle of parents,
// so no more steps are taken than there are contexts.
ContextId process_of(const Tables& tables, ContextId context) {
  for (std::size_t step = 0; step <= tables.contexts.size() && !context.is_none(); ++step) {
    if (tables.contexts.kind[context.row()] == ContextKind::process) {
      return context;
    }
    context = tables.contexts.parent[context.row()];
  }
  return {};
}

std::vector<std::string_view> last_names(const Tables& tables) {
  std::vector<std::string_view> names(tables.contexts.size());
  const auto& events = tables.context_events;
  for (std::size_t row = 0; row < events.size(); ++row) {
    if (events.change[row] == ContextChange::named && !events.context[row].is_none() &&
        !events.name[row].is_none()) {
      names[events.context[row].row()] = tables.strings.text[events.name[row].row()];
    }
  }
  return names;
}

}  // namespace

std::vector<Thread> find_threads(const Tables& tables) {
  const auto names = last_names(tables);
  std::vector<Thread> threads;
  for (std::size_t row = 0; row < tables.contexts.size(); ++row) {
    const ContextKind kind = tables.contexts.kind[row];
    if (kind != ContextKind::thread && kind != ContextKind::native_thread) {
      continue;
    }
    const ContextId process = process_of(tables, ContextId(row));
    threads.push_back(
        {.context = ContextId(row),
         .process = process,
         .is_native = kind == ContextKind::native_thread,
         .os_id = tables.contexts.os_id[row],
         .process_os_id = process.is_none() ? 0 : tables.contexts.os_id[process.row()],
         .name = names[row]});
  }
  return threads;
}

}  // namespace lancehead::profile
