// POSIX sockets and one thread.
#include "support/http_server.h"

#include <fmt/format.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#ifndef _WIN32
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace impasto::test {

HttpAnswer serve(const std::string& content, const HttpRequest& request) {
  if (!request.has_range) return {200, {}, content};
  if (request.range_start >= content.size()) return {416, {}, ""};
  HttpAnswer answer{206, {}, content.substr(request.range_start)};
  answer.headers.push_back(
      fmt::format("Content-Range: bytes {}-{}/{}", request.range_start, content.size() - 1, content.size()));
  return answer;
}

#ifndef _WIN32

namespace {

constexpr int kPollMilliseconds = 20;
constexpr int kMaxRequestBytes = 16384;
constexpr int kClientMilliseconds = 5000;

struct Socket {
  int value = -1;
  explicit Socket(int handle) : value(handle) {}
  ~Socket() {
    if (value >= 0) close(value);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
};

bool readable(int handle, int milliseconds) {
  pollfd entry{handle, POLLIN, 0};
  return poll(&entry, 1, milliseconds) > 0;
}

std::string receive_request(int client) {
  std::string text;
  while (text.find("\r\n\r\n") == std::string::npos && text.size() < kMaxRequestBytes) {
    char buffer[1024];
    if (!readable(client, kClientMilliseconds)) return {};
    const ssize_t count = recv(client, buffer, sizeof buffer, 0);
    if (count <= 0) return {};
    text.append(buffer, static_cast<size_t>(count));
  }
  return text;
}

HttpRequest parse_request(const std::string& text) {
  HttpRequest request;
  const size_t start = text.find(' ') + 1;
  request.path = text.substr(start, text.find(' ', start) - start);
  constexpr std::string_view kRange = "\r\nRange: bytes=";
  if (const size_t range = text.find(kRange); range != std::string::npos) {
    request.has_range = true;
    request.range_start = std::stoull(text.substr(range + kRange.size()));
  }
  return request;
}

void send_all(int client, const std::string& text) {
  size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
}

void send_answer(int client, const HttpAnswer& answer) {
  std::string head = fmt::format("HTTP/1.1 {} Answer\r\nConnection: close\r\n", answer.status);
  if (answer.sends_length) {
    const int64_t length =
        answer.claimed_length >= 0 ? answer.claimed_length : static_cast<int64_t>(answer.body.size());
    head += fmt::format("Content-Length: {}\r\n", length);
  }
  for (const std::string& header : answer.headers) head += header + "\r\n";
  send_all(client, head + "\r\n" + answer.body);
}

// Any free port of 127.0.0.1.
int listen_on_loopback(uint16_t& port) {
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (handle < 0 || bind(handle, any, size) != 0 || listen(handle, 8) != 0 ||
      getsockname(handle, any, &size) != 0)
    throw std::runtime_error("no server on the loopback interface");
  port = ntohs(address.sin_port);
  return handle;
}

}  // namespace

struct HttpServer::State {
  Handler handler;
  uint16_t port = 0;
  Socket listener;
  std::atomic<bool> stops{false};
  std::thread thread;

  explicit State(Handler answers) : handler(std::move(answers)), listener(listen_on_loopback(port)) {
    thread = std::thread([this] { run(); });
  }

  void run() const {
    while (!stops) {
      if (!readable(listener.value, kPollMilliseconds)) continue;
      const Socket client(accept(listener.value, nullptr, nullptr));
      const std::string request = client.value < 0 ? "" : receive_request(client.value);
      if (!request.empty()) send_answer(client.value, handler(parse_request(request)));
    }
  }
};

HttpServer::HttpServer(Handler handler) : state_(std::make_unique<State>(std::move(handler))) {}

HttpServer::~HttpServer() {
  state_->stops = true;
  state_->thread.join();
}

std::string HttpServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", state_->port, path);
}

bool has_http_server() {
  return true;
}

#else

struct HttpServer::State {};

HttpServer::HttpServer(Handler) {
  throw std::runtime_error("no server on this system");
}

HttpServer::~HttpServer() = default;

std::string HttpServer::url(const std::string& path) const {
  return path;
}

bool has_http_server() {
  return false;
}

#endif

}  // namespace impasto::test
