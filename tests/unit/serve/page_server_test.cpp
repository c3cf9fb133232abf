// Whom the page is given, and whom not: real connections over the loopback interface.
#include "serve/page_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "base/unique_fd.h"

namespace lancehead::serve {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Serving : public testing::Test {
 protected:
  Serving() {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    until_ = UniqueFd(pipe[0]);
    end_ = UniqueFd(pipe[1]);
    auto listening = PageServer::listen({.page = "<!doctype html>the page",
                                         .data = [this] { return data; },
                                         .state = [] { return std::string(R"({"revision": 7})"); }},
                                        0);
    EXPECT_TRUE(listening);
    server_.emplace(std::move(*listening));
    thread_ = std::thread([this] { server_->run(until_.get()); });
  }
  ~Serving() override {
    end_.reset();
    thread_.join();
  }

  [[nodiscard]] std::string host() const {
    const std::string& url = server_->url();
    return url.substr(kScheme.size(), url.find('/', kScheme.size()) - kScheme.size());
  }
  [[nodiscard]] std::string path() const {
    return server_->url().substr(kScheme.size() + host().size());
  }

  [[nodiscard]] std::string ask(const std::string& request) const {
    const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(host().substr(host().find(':') + 1))));
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string answer;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::recv(socket.get(), part.data(), part.size(), 0)) > 0;) {
      answer.append(part.data(), static_cast<std::size_t>(got));
    }
    return answer;
  }
  [[nodiscard]] std::string get(const std::string& target, const std::string& host_name) const {
    return ask("GET " + target + " HTTP/1.1\r\nHost: " + host_name +
               "\r\nConnection: close\r\n\r\n");
  }

  Result<std::string> data = std::string("\0gzip", 5);

 private:
  static constexpr std::string_view kScheme = "http://";
  UniqueFd until_, end_;
  std::optional<PageServer> server_;
  std::thread thread_;
};

TEST_F(Serving, ThePageItsDataAndItsState) {
  EXPECT_THAT(get(path(), host()), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("the page"),
                                         HasSubstr("Cache-Control: no-store"),
                                         HasSubstr("X-Content-Type-Options: nosniff")));
  EXPECT_THAT(get(path() + "data", host()),
              AllOf(HasSubstr("application/octet-stream"), HasSubstr(std::string("\0gzip", 5))));
  EXPECT_THAT(get(path() + "state", host()), HasSubstr(R"({"revision": 7})"));
  EXPECT_THAT(get(path() + "other", host()), StartsWith("HTTP/1.1 404"));
}

TEST_F(Serving, WhatCannotBeReadIsSaid) {
  data = fail(ErrorKind::bad_recording, "It is damaged.");
  EXPECT_THAT(get(path() + "data", host()), StartsWith("HTTP/1.1 500"));
}

TEST_F(Serving, NobodyWithoutTheToken) {
  const std::string other = path().substr(0, path().size() - 2) + "x/";
  for (const std::string& target : {std::string("/"), std::string("/data"), other, other + "data",
                                    std::string("/../") + path().substr(1), std::string("//")}) {
    EXPECT_THAT(get(target, host()), AllOf(StartsWith("HTTP/1.1 403"), Not(HasSubstr("the page"))))
        << target;
  }
}

// A page of elsewhere whose name was made to lead to this machine.
TEST_F(Serving, NobodyWhoCallsItByAnotherName) {
  for (const char* name : {"evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""}) {
    EXPECT_THAT(get(path(), name), Not(HasSubstr("the page"))) << name;
  }
  EXPECT_THAT(get(path(), "localhost" + host().substr(host().find(':'))), HasSubstr("the page"));
}

TEST_F(Serving, NothingIsChangedFromOutside) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
    EXPECT_THAT(ask(std::string(method) + " " + path() + " HTTP/1.1\r\nHost: " + host() +
                    "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
                Not(HasSubstr("the page")))
        << method;
  }
}

TEST_F(Serving, HostileRequestsEndWithAnAnswerOrNone) {
  for (const std::string& request :
       {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(100'000, 'a') + "\r\n\r\n",
        "GET " + std::string(70'000, '/') + " HTTP/1.1\r\n\r\n",
        std::string(1000, '\0') + "\r\n\r\n"}) {
    EXPECT_THAT(ask(request), Not(HasSubstr("the page")));
  }
  EXPECT_THAT(get(path(), host()), HasSubstr("the page"));
}

TEST(PageServer_, APortThatIsTakenIsSaid) {
  const auto nothing = [] { return std::string(); };
  const PageContent content{
      .page = "", .data = [] { return Result<std::string>(""); }, .state = nothing};
  const auto first = PageServer::listen(content, 0);
  ASSERT_TRUE(first);
  const std::string& url = first->url();
  const auto colon = url.rfind(':');
  const auto second =
      PageServer::listen(content, static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1))));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().what, HasSubstr("cannot be used"));
  EXPECT_NE(PageServer::listen(content, 0)->url(), url);
}

}  // namespace
}  // namespace lancehead::serve
