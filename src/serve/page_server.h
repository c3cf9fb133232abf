// Serves one page and its data to a browser of this machine, and to nobody else.
//
// It listens on the loopback interface only. Every address begins with a secret token, so that
// other users and pages of the machine cannot read it; the Host header must be that of the
// address, so that no name of elsewhere can be made to lead here (DNS rebinding).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace lancehead::serve {

// What is handed out. The functions are called when a browser asks, in the thread of run().
struct PageContent {
  std::string page;                           // HTML
  std::function<Result<std::string>()> data;  // what the page fetches as `data`
  std::function<std::string()> state;         // JSON, as `state`
};

class PageServer {
 public:
  // Port 0 is a free one. Fails (io) where the port is taken.
  [[nodiscard]] static Result<PageServer> listen(PageContent content, std::uint16_t port);

  PageServer(PageServer&&) noexcept;
  PageServer& operator=(PageServer&&) noexcept;
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;
  ~PageServer();

  // With the token.
  [[nodiscard]] const std::string& url() const;

  // Serves until SIGINT or SIGTERM, or until `until` (a descriptor, -1: none) can be read.
  void run(int until = -1);

 private:
  struct State;
  explicit PageServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace lancehead::serve
