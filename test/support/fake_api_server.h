// An API server in memory that keeps objects, counts what it is asked, and fails as it is told.
//
// It does as the real one where the rooms of ours rely on it: resource versions, paging, watches
// with bookmarks, 404, 409, 410, merge patch. Server-side apply is a merge here: what an apply
// takes away is for tests against the real one (test/e2e/peers).
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "test/support/socket_server.h"

namespace openchoreo::test {

class FakeApiServer {
 public:
  using Json = nlohmann::json;

  struct Request {
    std::string method, path;  // without the query
    std::map<std::string, std::string> query;
    std::string headers;  // as sent
    std::string body;
  };

  struct Fault {
    enum Kind {
      kNone,
      kDrop,    // the connection ends before any answer
      kReset,   // so, by a reset
      kHang,    // no answer, ever
      kStatus,  // `status`, with a Status object
      kHalf,    // half of the answer's body, then the end
    } kind = kNone;

    int status = 500;
    std::string message = "made to fail";
    std::string headers;                 // more, each with its line end
    std::chrono::milliseconds delay{0};  // before all of it
  };

  FakeApiServer();
  ~FakeApiServer();

  std::string url() const { return server_->url(); }

  // Takes its decision back at its end, and waits until no request is asked it any more: what the
  // decision captures need live no longer.
  class [[nodiscard]] Decision {
   public:
    explicit Decision(FakeApiServer& server) : server_(&server) {}

    Decision(Decision&& other) noexcept : server_(std::exchange(other.server_, nullptr)) {}

    ~Decision() {
      if (server_) server_->TakeBack();
    }

   private:
    FakeApiServer* server_;
  };

  // Asked for each request, from many threads, while the result lives. One at a time.
  Decision OnRequest(std::function<Fault(const Request&)> decide);

  // What others do to the objects. `path`: "/apis/g/v1/namespaces/a/things/x". Put makes or
  // changes.
  void Put(const std::string& path, Json object);
  void Remove(const std::string& path);
  // Null if it is not there.
  Json Get(const std::string& path) const;

  // The CRD of a kind ("things") has no such field in its status: it is pruned from what is
  // written.
  void Prune(const std::string& plural, const std::string& status_field);

  // Versions before now are forgotten: watches from them get 410.
  void Compact();
  // Every watch ends: properly, or within a line.
  void EndWatches(bool within_a_line = false);
  // Every watch is sent a bookmark.
  void Bookmark();

  std::vector<Request> requests() const;
  // Requests so far of this method whose path begins so. Watches have the method "WATCH", lists
  // "LIST".
  int Count(const std::string& method, const std::string& path_prefix) const;
  // Watches that are open.
  int watches() const;

 private:
  struct Event {
    long version;
    std::string type;
    std::string path;
    Json object;
  };

  void TakeBack();
  struct Place;
  static Place PlaceOf(const std::string& path);
  void Serve(Connection& connection);
  bool Answer(Connection& connection, const Request& request);
  void List(Connection& connection, const Request& request, const Place& place, bool half);
  void Watch(Connection& connection, const Request& request, const Place& place, bool half);
  void Write(Connection& connection, const Request& request, const Place& place, bool half);
  bool Matches(const Json& object, const Request& request) const;
  void Store(const std::string& path, Json object);  // with the lock

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::function<Fault(const Request&)> decide_;
  int deciding_ = 0;  // calls of it under way
  std::map<std::string, Json> objects_;
  std::vector<Event> history_;
  std::multimap<std::string, std::string> pruned_;  // by plural: fields of status
  long version_ = 100;
  long forgotten_ = 0;
  int endings_ = 0;
  bool cut_ = false;
  int bookmarks_ = 0;
  int watches_ = 0;
  bool stopping_ = false;
  std::vector<Request> requests_;
  std::unique_ptr<SocketServer> server_;
};

}  // namespace openchoreo::test
