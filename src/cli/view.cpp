#include "cli/view.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "cli/exit_code.h"
#include "cli/message.h"
#include "cli/read_profile.h"
#include "cli/report.h"
#include "record/lock.h"
#include "serve/page_server.h"
#include "show/html/html_page.h"
#include "show/html/page_model.h"

namespace lancehead::cli {
namespace {

std::string name_of(const std::string& recording) {
  return std::filesystem::path(recording).filename().string();
}

// The data of the page, of one recording or two, made anew where one has grown.
class GrowingData {
 public:
  GrowingData(std::string first, std::string second)
      : first_(std::move(first)), second_(std::move(second)) {}

  Result<std::string> data() {
    const std::uintmax_t revision = size();
    if (compressed_ && revision == revision_) {
      return *compressed_;
    }
    const auto model = this->model();
    if (!model) {
      return std::unexpected(model.error());
    }
    auto compressed = show::compress_model(*model);
    if (compressed) {
      compressed_ = *compressed;
      revision_ = revision;
    }
    return compressed;
  }

  [[nodiscard]] std::string state() const {
    return fmt::format(R"({{"revision": {}, "growing": {}}})", size(), is_growing());
  }

 private:
  [[nodiscard]] Result<std::string> model() const {
    const auto first = read_profile(first_);
    if (!first) {
      return std::unexpected(first.error());
    }
    const show::PageSource source{
        .profile = *first, .name = name_of(first_), .growing = record::is_being_recorded(first_)};
    if (second_.empty()) {
      return show::page_model(source);
    }
    const auto second = read_profile(second_);
    if (!second) {
      return std::unexpected(second.error());
    }
    return show::page_model(source, {.profile = *second,
                                     .name = name_of(second_),
                                     .growing = record::is_being_recorded(second_)});
  }

  // Recordings only grow, so that the sum tells whether either has.
  [[nodiscard]] std::uintmax_t size() const {
    return size_of(first_) + (second_.empty() ? 0 : size_of(second_));
  }

  static std::uintmax_t size_of(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
  }

  [[nodiscard]] bool is_growing() const {
    return record::is_being_recorded(first_) ||
           (!second_.empty() && record::is_being_recorded(second_));
  }

  std::string first_;
  std::string second_;
  std::uintmax_t revision_ = 0;
  std::optional<std::string> compressed_;
};

// Whether there is a screen, or the person named a browser.
bool has_browser() {
  for (const char* variable : {"BROWSER", "DISPLAY", "WAYLAND_DISPLAY"}) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') {
      return true;
    }
  }
  return false;
}

// Does not wait for it, and does not let it write to the terminal.
void open_browser(std::string url) {
  const char* named = std::getenv("BROWSER");
  std::string program = named != nullptr && *named != '\0' ? named : "xdg-open";
  char* arguments[] = {program.data(), url.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  }
  pid_t process = 0;
  if (::posix_spawnp(&process, program.c_str(), &actions, nullptr, arguments, environ) != 0) {
    say(fmt::format("`{}` could not be started; open the address yourself.", program));
  }
  posix_spawn_file_actions_destroy(&actions);
}

}  // namespace

Result<void> write_page(const profile::Profile& profile, const std::string& recording,
                        const std::string& path, bool force) {
  const auto model = show::page_model({.profile = profile, .name = name_of(recording)});
  if (!model) {
    return std::unexpected(model.error());
  }
  const auto compressed = show::compress_model(*model);
  if (!compressed) {
    return std::unexpected(compressed.error());
  }
  const std::string page = show::page_with(*compressed);
  auto written = write_file(path, page, force);
  if (written) {
    constexpr double kMebibyte = 1024 * 1024;
    say(fmt::format("The page is {} ({:.1f} MiB, all inside): open it in a browser.", path,
                    static_cast<double>(page.size()) / kMebibyte));
  }
  return written;
}

int view(std::span<const Verb> /*verbs*/, const Options& options) {
  const ViewRequest& request = options.view;
  GrowingData growing(request.recording, request.second);
  // What is wrong with a file is said here and not in the browser.
  if (const auto data = growing.data(); !data) {
    return say_error(data.error());
  }
  auto server = serve::PageServer::listen({.page = std::string(show::empty_page()),
                                           .data = [&growing] { return growing.data(); },
                                           .state = [&growing] { return growing.state(); }},
                                          request.port);
  if (!server) {
    return say_error(server.error());
  }
  fmt::print("{}\n", server->url());
  std::fflush(stdout);
  say("Serving until Ctrl-C.");
  if (request.open_browser && has_browser()) {
    open_browser(server->url());
  }
  server->run();
  return kSuccess;
}

}  // namespace lancehead::cli
