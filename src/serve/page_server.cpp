#include "serve/page_server.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace lancehead::serve {
namespace {

constexpr const char* kLoopback = "127.0.0.1";
constexpr int kForbidden = 403;

template <auto Function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};
using EventBase = std::unique_ptr<event_base, Free<event_base_free>>;
using HttpServer = std::unique_ptr<evhttp, Free<evhttp_free>>;
using Event = std::unique_ptr<event, Free<event_free>>;

// 128 bits that nobody can guess, in hexadecimal; empty where the kernel gives none.
std::string new_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return {};
  }
  std::string token;
  for (const unsigned char byte : bytes) {
    token += fmt::format("{:02x}", byte);
  }
  return token;
}

// Takes the same time wherever the two differ.
bool is_equal(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    difference |= a[i] == b[i] ? 0U : 1U;
  }
  return difference == 0;
}

std::uint16_t bound_port(evhttp_bound_socket* socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(evhttp_bound_socket_get_fd(socket), reinterpret_cast<sockaddr*>(&address),
                    &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

void stop(evutil_socket_t /*signal*/, short /*what*/, void* base) {
  event_base_loopexit(static_cast<event_base*>(base), nullptr);
}

void reply(evhttp_request* request, std::string_view type, std::string_view body) {
  evkeyvalq* headers = evhttp_request_get_output_headers(request);
  evhttp_add_header(headers, "Content-Type", std::string(type).c_str());
  evhttp_add_header(headers, "Cache-Control", "no-store");
  evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
  evhttp_add_header(headers, "X-Frame-Options", "DENY");
  evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
  evhttp_add_header(headers, "Cross-Origin-Resource-Policy", "same-origin");
  evbuffer_add(evhttp_request_get_output_buffer(request), body.data(), body.size());
  evhttp_send_reply(request, HTTP_OK, "OK", nullptr);
}

}  // namespace

struct PageServer::State {
  PageContent content;
  std::string token;
  std::string url;
  std::uint16_t port = 0;
  EventBase base;
  HttpServer http;

  void answer(evhttp_request* request) const;
  [[nodiscard]] bool is_our_host(evhttp_request* request) const;
};

bool PageServer::State::is_our_host(evhttp_request* request) const {
  const char* host = evhttp_find_header(evhttp_request_get_input_headers(request), "Host");
  return host != nullptr && (fmt::format("{}:{}", kLoopback, port) == host ||
                             fmt::format("localhost:{}", port) == host);
}

void PageServer::State::answer(evhttp_request* request) const {
  const evhttp_uri* uri = evhttp_request_get_evhttp_uri(request);
  const char* found = uri == nullptr ? nullptr : evhttp_uri_get_path(uri);
  const std::string_view path = found == nullptr ? std::string_view() : found;
  const std::string start = "/" + token + "/";
  if (!is_our_host(request) || !is_equal(path.substr(0, start.size()), start)) {
    evhttp_send_error(request, kForbidden, "Forbidden");
    return;
  }
  const std::string_view name = path.substr(start.size());
  if (name.empty()) {
    reply(request, "text/html; charset=utf-8", content.page);
  } else if (name == "state") {
    reply(request, "application/json", content.state());
  } else if (name == "data") {
    const Result<std::string> data = content.data();
    if (data) {
      reply(request, "application/octet-stream", *data);
    } else {
      evhttp_send_error(request, HTTP_INTERNAL, data.error().what.c_str());
    }
  } else {
    evhttp_send_error(request, HTTP_NOTFOUND, "Not Found");
  }
}

Result<PageServer> PageServer::listen(PageContent content, std::uint16_t port) {
  auto state = std::make_unique<State>();
  state->content = std::move(content);
  state->token = new_token();
  state->base.reset(event_base_new());
  state->http.reset(state->base ? evhttp_new(state->base.get()) : nullptr);
  if (!state->http || state->token.empty()) {
    return fail(ErrorKind::io, "The server cannot be started: the system gave no resources.");
  }
  evhttp_set_allowed_methods(state->http.get(), EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
  evhttp_bound_socket* socket = evhttp_bind_socket_with_handle(state->http.get(), kLoopback, port);
  if (socket == nullptr) {
    return fail(
        ErrorKind::io,
        fmt::format("Port {} of {} cannot be used: {}.", port, kLoopback, std::strerror(errno)),
        "Name another with --port, or none to get a free one.");
  }
  state->port = bound_port(socket);
  state->url = fmt::format("http://{}:{}/{}/", kLoopback, state->port, state->token);
  evhttp_set_gencb(
      state->http.get(),
      [](evhttp_request* request, void* server) {
        static_cast<const State*>(server)->answer(request);
      },
      state.get());
  return PageServer(std::move(state));
}

PageServer::PageServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
PageServer::PageServer(PageServer&&) noexcept = default;
PageServer& PageServer::operator=(PageServer&&) noexcept = default;
PageServer::~PageServer() = default;

const std::string& PageServer::url() const {
  return state_->url;
}

void PageServer::run(int until) {
  event_base* base = state_->base.get();
  std::vector<Event> events;
  for (const int signal : {SIGINT, SIGTERM}) {
    events.emplace_back(evsignal_new(base, signal, stop, base));
  }
  if (until >= 0) {
    events.emplace_back(event_new(base, until, EV_READ, stop, base));
  }
  for (const Event& one : events) {
    event_add(one.get(), nullptr);
  }
  event_base_dispatch(base);
}

}  // namespace lancehead::serve
