// A web server on the loopback interface that misbehaves as it is told.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace impasto::test {

struct HttpRequest {
  std::string path;
  uint64_t range_start = 0;  // of "Range: bytes=N-"
  bool has_range = false;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::string> headers;  // "Location: …"
  std::string body;
  bool sends_length = true;
  int64_t claimed_length = -1;  // in Content-Length; -1: the body's
};

// What a good server answers: the content, or the rest of it for a range.
HttpAnswer serve(const std::string& content, const HttpRequest& request);

// Answers one request after the other, each on a connection of its own, until it is destroyed.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(const std::string& path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// False where the server is not built.
bool has_http_server();

}  // namespace impasto::test
