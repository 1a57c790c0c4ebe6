#include "test/support/fake_api_server.h"

#include <cstdlib>
#include <thread>
#include <utility>

namespace openchoreo::test {

namespace {

using Json = FakeApiServer::Json;

std::string Decode(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::strtoul(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

FakeApiServer::Request Parse(const std::string& text) {
  FakeApiServer::Request request;
  const std::size_t head = text.find("\r\n\r\n");
  const std::size_t line = text.find("\r\n");
  request.headers = text.substr(line + 2, head - line);
  request.body = text.substr(head + 4);
  const std::size_t space = text.find(' ');
  request.method = text.substr(0, space);
  std::string target = text.substr(space + 1, text.find(' ', space + 1) - space - 1);
  const std::size_t mark = target.find('?');
  request.path = Decode(target.substr(0, mark));
  while (mark != std::string::npos && !target.empty()) {
    target.erase(0, target.find_first_of("?&") + 1);
    const std::string pair = target.substr(0, target.find('&'));
    const std::size_t equals = pair.find('=');
    request.query[pair.substr(0, equals)] = Decode(pair.substr(equals + 1));
    if (target.find('&') == std::string::npos) break;
  }
  return request;
}

Json Status(int code, const std::string& reason, const std::string& message) {
  return {{"kind", "Status"},   {"apiVersion", "v1"}, {"status", "Failure"},
          {"message", message}, {"reason", reason},   {"code", code}};
}

void Send(Connection& connection, int status, const Json& body, bool half = false,
          const std::string& headers = "") {
  const std::string text = body.dump() + "\n";
  connection.Send("HTTP/1.1 " + std::to_string(status) +
                  " X\r\nContent-Type: application/json\r\n" + headers +
                  "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
                  text.substr(0, half ? text.size() / 2 : text.size()));
}

std::string Chunk(const std::string& bytes) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

}  // namespace

// What a path names.
struct FakeApiServer::Place {
  std::string collection;  // "/apis/g/v1" of it
  std::string ns, plural, name;
  bool status = false;

  std::string object_path() const {
    return collection + (ns.empty() ? "" : "/namespaces/" + ns) + "/" + plural + "/" + name;
  }

  bool Holds(const Place& object) const {
    return object.collection == collection && object.plural == plural &&
           (ns.empty() || object.ns == ns);
  }
};

FakeApiServer::Place FakeApiServer::PlaceOf(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  Place place;
  std::size_t i = parts.size() > 1 && parts[0] == "api" ? 2 : 3;
  if (parts.size() <= i) return place;
  for (std::size_t k = 0; k < i; ++k) place.collection += "/" + parts[k];
  if (parts[i] == "namespaces" && parts.size() > i + 2) {
    place.ns = parts[i + 1];
    i += 2;
  }
  place.plural = parts[i];
  if (parts.size() > i + 1) place.name = parts[i + 1];
  place.status = parts.size() > i + 2 && parts[i + 2] == "status";
  return place;
}

FakeApiServer::FakeApiServer()
    : server_(std::make_unique<SocketServer>([this](Connection& c) { Serve(c); })) {}

FakeApiServer::~FakeApiServer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  server_.reset();
}

FakeApiServer::Decision FakeApiServer::OnRequest(std::function<Fault(const Request&)> decide) {
  std::lock_guard lock(mutex_);
  decide_ = std::move(decide);
  return Decision(*this);
}

void FakeApiServer::TakeBack() {
  std::unique_lock lock(mutex_);
  decide_ = nullptr;
  changed_.wait(lock, [this] { return deciding_ == 0; });
}

void FakeApiServer::Store(const std::string& path, Json object) {
  const auto old = objects_.find(path);
  Json& metadata = object["metadata"];
  const Place place = PlaceOf(path);
  metadata["name"] = place.name;
  if (!place.ns.empty()) metadata["namespace"] = place.ns;
  if (old != objects_.end()) {
    const Json& before = old->second;
    metadata["uid"] = before["metadata"]["uid"];
    metadata["resourceVersion"] = before["metadata"]["resourceVersion"];
    metadata["generation"] = before["metadata"]["generation"];
    metadata["creationTimestamp"] = before["metadata"]["creationTimestamp"];
    if (object == before) return;
    const bool spec = object.value("spec", Json()) != before.value("spec", Json());
    if (spec) metadata["generation"] = before["metadata"]["generation"].get<int>() + 1;
  } else {
    metadata["uid"] = "uid-" + std::to_string(version_ + 1);
    metadata["generation"] = 1;
    metadata["creationTimestamp"] = "2026-01-01T00:00:00Z";
  }
  metadata["resourceVersion"] = std::to_string(++version_);
  history_.push_back({version_, old == objects_.end() ? "ADDED" : "MODIFIED", path, object});
  objects_[path] = std::move(object);
  changed_.notify_all();
}

void FakeApiServer::Put(const std::string& path, Json object) {
  std::lock_guard lock(mutex_);
  Store(path, std::move(object));
}

void FakeApiServer::Remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  auto found = objects_.find(path);
  if (found == objects_.end()) return;
  Json object = std::move(found->second);
  objects_.erase(found);
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  history_.push_back({version_, "DELETED", path, std::move(object)});
  changed_.notify_all();
}

Json FakeApiServer::Get(const std::string& path) const {
  std::lock_guard lock(mutex_);
  auto found = objects_.find(path);
  return found == objects_.end() ? Json() : found->second;
}

void FakeApiServer::Prune(const std::string& plural, const std::string& status_field) {
  std::lock_guard lock(mutex_);
  pruned_.emplace(plural, status_field);
}

void FakeApiServer::Compact() {
  std::lock_guard lock(mutex_);
  forgotten_ = version_;
}

void FakeApiServer::EndWatches(bool within_a_line) {
  std::lock_guard lock(mutex_);
  ++endings_;
  cut_ = within_a_line;
  changed_.notify_all();
}

void FakeApiServer::Bookmark() {
  std::lock_guard lock(mutex_);
  ++bookmarks_;
  changed_.notify_all();
}

std::vector<FakeApiServer::Request> FakeApiServer::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

int FakeApiServer::Count(const std::string& method, const std::string& path_prefix) const {
  std::lock_guard lock(mutex_);
  int count = 0;
  for (const Request& request : requests_)
    count += request.method == method && request.path.starts_with(path_prefix) ? 1 : 0;
  return count;
}

int FakeApiServer::watches() const {
  std::lock_guard lock(mutex_);
  return watches_;
}

void FakeApiServer::Serve(Connection& connection) {
  for (;;) {
    const std::string text = connection.ReadRequest();
    if (text.empty()) return;
    if (!Answer(connection, Parse(text))) return;
  }
}

bool FakeApiServer::Answer(Connection& connection, const Request& asked) {
  Request request = asked;
  const Place place = PlaceOf(request.path);
  if (request.method == "GET" && place.name.empty() && !place.plural.empty())
    request.method = request.query.contains("watch") ? "WATCH" : "LIST";
  std::function<Fault(const Request&)> decide;
  {
    std::lock_guard lock(mutex_);
    requests_.push_back(request);
    decide = decide_;
    if (decide) ++deciding_;
  }
  Fault fault;
  if (decide) {
    fault = decide(request);
    std::lock_guard lock(mutex_);
    --deciding_;
    changed_.notify_all();
  }
  if (fault.delay.count() > 0) std::this_thread::sleep_for(fault.delay);
  switch (fault.kind) {
    case Fault::kDrop:
      return false;
    case Fault::kReset:
      connection.Reset();
      return false;
    case Fault::kHang:
      connection.Hang();
      return false;
    case Fault::kStatus:
      Send(connection, fault.status, Status(fault.status, "Made", fault.message), false,
           fault.headers);
      return true;
    case Fault::kNone:
    case Fault::kHalf:
      break;
  }
  const bool half = fault.kind == Fault::kHalf;
  if (request.method == "WATCH") {
    Watch(connection, request, place, half);
    return false;
  }
  if (request.method == "LIST") {
    List(connection, request, place, half);
  } else if (request.method == "GET" && place.plural.empty()) {
    Send(connection, 200, Get(request.path), half);  // what a test put there: discovery, /version
  } else if (request.method == "GET") {
    const Json object = Get(place.object_path());
    if (object.is_null()) {
      Send(connection, 404,
           Status(404, "NotFound", place.plural + " \"" + place.name + "\" not found"));
    } else {
      Send(connection, 200, object, half);
    }
  } else {
    Write(connection, request, place, half);
  }
  return !half;
}

bool FakeApiServer::Matches(const Json& object, const Request& request) const {
  const auto fields = request.query.find("fieldSelector");
  if (fields != request.query.end() &&
      fields->second != "metadata.name=" + object["metadata"]["name"].get<std::string>())
    return false;
  const auto labels = request.query.find("labelSelector");
  if (labels == request.query.end()) return true;
  const Json have = object["metadata"].value("labels", Json::object());
  std::string rest = labels->second + ",";
  while (!rest.empty()) {
    std::string term = rest.substr(0, rest.find(','));
    rest.erase(0, term.size() + 1);
    const std::size_t equals = term.find('=');
    if (term.starts_with("!")) {
      if (have.contains(term.substr(1))) return false;
    } else if (equals == std::string::npos) {
      if (!have.contains(term)) return false;
    } else if (have.value(term.substr(0, equals), "") != term.substr(equals + 1)) {
      return false;
    }
  }
  return true;
}

void FakeApiServer::List(Connection& connection, const Request& request, const Place& place,
                         bool half) {
  Json items = Json::array();
  Json metadata = Json::object();
  {
    std::lock_guard lock(mutex_);
    const auto limit = request.query.find("limit");
    const std::size_t most =
        limit == request.query.end() ? SIZE_MAX : std::strtoul(limit->second.c_str(), nullptr, 10);
    const auto from = request.query.find("continue");
    for (const auto& [path, object] : objects_) {
      if (!place.Holds(PlaceOf(path)) || !Matches(object, request)) continue;
      if (from != request.query.end() && path <= from->second) continue;
      if (items.size() == most) {
        metadata["continue"] = items.back()["metadata"]["fake"];
        break;
      }
      Json item = object;
      item.erase("kind");  // as lists of built-in kinds
      item.erase("apiVersion");
      item["metadata"]["fake"] = path;
      items.push_back(std::move(item));
    }
    for (Json& item : items) item["metadata"].erase("fake");
    metadata["resourceVersion"] = std::to_string(version_);
  }
  Send(connection, 200,
       {{"kind", "List"}, {"apiVersion", "v1"}, {"metadata", metadata}, {"items", items}}, half);
}

void FakeApiServer::Watch(Connection& connection, const Request& request, const Place& place,
                          bool half) {
  std::unique_lock lock(mutex_);
  const auto since = request.query.find("resourceVersion");
  long seen = since == request.query.end() ? version_ : std::atol(since->second.c_str());
  if (seen < forgotten_) {
    lock.unlock();
    Send(connection, 410, Status(410, "Expired", "too old resource version"));
    return;
  }
  ++watches_;
  const int endings = endings_;
  int bookmarks = bookmarks_;
  connection.Send(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  bool open = true;
  while (open && !stopping_) {
    std::string lines;
    for (const Event& event : history_) {
      if (event.version <= seen || !place.Holds(PlaceOf(event.path))) continue;
      if (Matches(event.object, request))
        lines += Json{{"type", event.type}, {"object", event.object}}.dump() + "\n";
    }
    seen = version_;
    if (bookmarks != bookmarks_) {
      bookmarks = bookmarks_;
      lines += Json{{"type", "BOOKMARK"},
                    {"object", {{"metadata", {{"resourceVersion", std::to_string(version_)}}}}}}
                   .dump() +
               "\n";
    }
    if (half && !lines.empty()) lines.resize(lines.size() / 2);
    const bool ending = endings != endings_;
    if (ending && cut_) lines += R"({"type":"MODIFIED","object":{"metadata":{"na)";
    lock.unlock();
    open = lines.empty() || connection.Send(Chunk(lines));
    if (half && !lines.empty()) open = false;
    if (ending) {
      if (!cut_) connection.Send("0\r\n\r\n");
      open = false;
    }
    // A client that is gone is noticed at the next event, or here.
    lock.lock();
    if (open) changed_.wait_for(lock, std::chrono::milliseconds(200));
  }
  --watches_;
}

void FakeApiServer::Write(Connection& connection, const Request& request, const Place& asked,
                          bool half) {
  Json body = request.body.empty() ? Json() : Json::parse(request.body, nullptr, false);
  Place place = asked;
  int status = 200;
  Json answer;
  {
    std::lock_guard lock(mutex_);
    const bool create = request.method == "POST";
    if (create) place.name = body["metadata"]["name"].get<std::string>();
    const std::string path = place.object_path();
    const auto found = objects_.find(path);
    const bool apply = request.headers.find("apply-patch") != std::string::npos;
    auto fail = [&](int code, const std::string& reason, const std::string& message) {
      status = code;
      answer = Status(code, reason, place.plural + " \"" + place.name + "\" " + message);
    };
    const std::string version = body.is_object() && body.contains("metadata")
                                    ? body["metadata"].value("resourceVersion", std::string())
                                    : "";
    if (body.is_discarded()) {
      fail(400, "BadRequest", "the body is no JSON");
    } else if (create && found != objects_.end()) {
      fail(409, "AlreadyExists", "already exists");
    } else if (found == objects_.end() && !create && !(apply && !place.status)) {
      fail(404, "NotFound", "not found");
    } else if (found != objects_.end() && !version.empty() &&
               version != found->second["metadata"]["resourceVersion"]) {
      fail(409, "Conflict", "the object has been modified");
    } else if (request.method == "DELETE") {
      const Json wanted = body.is_object() ? body.value("preconditions", Json::object()) : Json();
      if (wanted.contains("uid") && wanted["uid"] != found->second["metadata"]["uid"]) {
        fail(409, "Conflict", "the UID in the precondition does not match");
      } else {
        answer = Status(200, "", "");
        answer["status"] = "Success";
        Json object = std::move(found->second);
        objects_.erase(found);
        object["metadata"]["resourceVersion"] = std::to_string(++version_);
        history_.push_back({version_, "DELETED", path, std::move(object)});
        changed_.notify_all();
      }
    } else {
      Json next = found == objects_.end() ? Json::object() : found->second;
      if (place.status) {
        if (request.method == "PUT") {
          next["status"] = body["status"];
        } else {
          next.merge_patch(Json{{"status", body.value("status", Json::object())}});
        }
        const auto [from, to] = pruned_.equal_range(place.plural);
        for (auto field = from; field != to; ++field) next["status"].erase(field->second);
      } else if (request.method == "PATCH") {
        next.merge_patch(body);
      } else {
        const Json old_status = next.value("status", Json());
        next = body;
        if (!old_status.is_null()) next["status"] = old_status;
      }
      status = found == objects_.end() ? 201 : 200;
      Store(path, std::move(next));
      answer = objects_[path];
    }
  }
  Send(connection, status, answer, half);
}

}  // namespace openchoreo::test
