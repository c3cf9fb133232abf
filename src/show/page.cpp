#include "show/page.h"

#include <algorithm>

#include "show/figures.h"
#include "show/names.h"
#include "show/text.h"

namespace lancehead::show {
namespace {

constexpr std::size_t kWidestNote = 100;  // longer lines are hard to read

}  // namespace

void Page::heading(const std::string& title, const std::string& note) {
  const std::size_t used = display_width(title) + display_width(note);
  const std::size_t gap = terminal.width > used + 1 ? terminal.width - used : 2;
  write("\n{}", style.title(title));
  if (!note.empty()) {
    write("{}{}", std::string(gap, ' '), style.dim(note));
  }
  write("\n");
}

bool Page::shows(profile::FunctionId function) const {
  return filter.shows(profile, function);
}

std::size_t Page::limit(std::size_t available) const {
  const std::size_t most = options.limit.value_or(kDefaultLimit);
  return most == 0 ? available : std::min(most, available);
}

void Page::note(const std::string& sentences) {
  for (const std::string& line : wrap(sentences, std::min(terminal.width, kWidestNote) - 2)) {
    write("  {}\n", style.dim(line));
  }
}

void Page::say_hidden(std::size_t shown, std::size_t available, const char* what) {
  if (shown < available) {
    write("{}\n", style.dim(fmt::format("  and {} more {}; --limit 0 shows all",
                                        count(available - shown), what)));
  }
}

std::string Page::function_and_place(profile::FunctionId function, std::uint32_t line,
                                     std::size_t width) const {
  const std::string name = function_name(profile, function);
  const std::string place = place_name(profile, function, line);
  if (place.empty()) {
    return cut_end(name, width, ellipsis());
  }
  // The name comes first: the place gets what it leaves, but a part of it all in any case.
  const std::size_t least = std::min(width, std::max<std::size_t>(12, width * 2 / 5));
  const std::string short_place = cut_start(
      place, std::max(least, width - std::min(width, display_width(name) + 2)), ellipsis());
  const std::size_t room = width - std::min(width, display_width(short_place) + 2);
  return cut_end(name, room, ellipsis()) + "  " + style.dim(short_place);
}

}  // namespace lancehead::show
