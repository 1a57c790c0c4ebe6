#include "common/platform/kube/client.h"

#include <algorithm>
#include <random>
#include <utility>

#include "common/platform/kube/answer.h"
#include "common/platform/kube/token_bucket.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {

using base::ErrorCode;
using base::Fail;
using std::chrono::milliseconds;
using value::Value;

namespace {

std::string Encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += '%';
      encoded += kHex[byte >> 4];
      encoded += kHex[byte & 15];
    }
  }
  return encoded;
}

std::string PathOf(const Resource& resource, std::string_view ns, std::string_view name,
                   Part part) {
  std::string path = resource.group.empty() ? "/api/" : "/apis/" + Encode(resource.group) + "/";
  path += Encode(resource.version);
  if (resource.namespaced && !ns.empty()) path += "/namespaces/" + Encode(ns);
  path += "/" + Encode(resource.plural);
  if (!name.empty()) path += "/" + Encode(name);
  if (part == Part::kStatus) path += "/status";
  return path;
}

class Query {
 public:
  void Add(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text_ += text_.empty() ? '?' : '&';
    text_.append(name).append("=").append(Encode(value));
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

Query QueryOf(const Selector& selector) {
  Query query;
  query.Add("labelSelector", selector.labels);
  query.Add("fieldSelector", selector.fields);
  return query;
}

// "PATCH pods/status a/b: ", for messages.
std::string What(std::string_view method, const Resource& resource, std::string_view name,
                 Part part = Part::kMain) {
  std::string what(method);
  what += ' ';
  what += resource.plural;
  if (part == Part::kStatus) what += "/status";
  if (!name.empty()) what.append(" ").append(name);
  return what + ": ";
}

const char* AcceptOf(const Selector& selector, bool list) {
  if (!selector.metadata_only) return "application/json";
  return list ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
              : "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
}

// Labels and annotations that are empty, left out; what names the object, filled in.
Value Identified(base::Arena& arena, const Resource& resource, const Key& key,
                 const Value& object) {
  Value metadata = object.Get("metadata");
  if (!metadata.is_map()) metadata = value::MapBuilder(arena).Build();
  for (const char* field : {"annotations", "labels"}) {
    const Value* found = metadata.Find(field);
    if (found != nullptr && found->is_map() && found->size() == 0)
      metadata = value::WithoutKey(arena, metadata, field);
  }
  if (resource.namespaced)
    metadata = value::WithKey(arena, metadata, "namespace", Value::String(key.ns));
  metadata = value::WithKey(arena, metadata, "name", Value::String(key.name));
  Value whole = value::WithKey(arena, object, "metadata", metadata);
  whole = value::WithKey(arena, whole, "apiVersion",
                         Value::String(arena.CopyString(resource.api_version())));
  return value::WithKey(arena, whole, "kind", Value::String(resource.kind));
}

base::Result<Live> ReadLive(const std::string& body, std::string_view what) {
  auto arena = std::make_shared<base::Arena>(body.size() + body.size() / 2 + 64);
  static const auto* const kMask =
      new value::FieldMask(value::FieldMask::Without({"/metadata/managedFields"}));
  auto object = value::ReadJson(body, *arena, *kMask);
  if (!object || !object->is_map()) {
    return Fail(ErrorCode::kUnavailable,
                std::string(what) + "the API server's answer is no JSON object");
  }
  return Live::Own(std::move(arena), *object);
}

}  // namespace

// What all calls go through: turns, credentials, waiting where the server asks for it.
class Client::Caller {
 public:
  using Clock = std::chrono::steady_clock;

  Caller(Access access, http::Client& http, ClientOptions options)
      : http_(http),
        options_(std::move(options)),
        credentials_(std::move(access)),
        bucket_(options_.qps, options_.burst),
        namespace_(credentials_.access().ns.empty() ? "default" : credentials_.access().ns) {}

  const ClientOptions& options() const { return options_; }

  Credentials& credentials() { return credentials_; }

  const std::string& default_namespace() const { return namespace_; }

  struct Ask {
    std::string method = "GET";
    std::string path;  // with the query
    std::string what;  // for messages
    std::string accept = "application/json";
    std::string content_type;
    std::string body;
    milliseconds deadline{0};
    std::size_t max_body_bytes = 0;
    const http::StreamReader* reader = nullptr;  // a watch
  };

  // Sends `body`; the object as the API server has it then.
  base::Result<Live> Write(const char* method, std::string path, std::string what,
                           const char* content_type, const Value& body,
                           const base::Cancel& cancel) {
    Ask ask;
    ask.method = method;
    ask.path = std::move(path);
    ask.what = std::move(what);
    ask.content_type = content_type;
    ask.body = value::ToJson(body);
    ask.deadline = options().deadline;
    OC_TRY(http::Reply reply, Do(ask, cancel));
    return ReadLive(reply.body, ask.what);
  }

  // The answer, 2xx only. Waits for a turn, and as long as the server asks to, all within the
  // deadline.
  base::Result<http::Reply> Do(const Ask& ask, const base::Cancel& cancel) {
    const auto end = Clock::now() + ask.deadline;
    const bool write = ask.method != "GET";
    for (;;) {
      OC_TRY_DONE(WaitForTurn(ask, end, cancel));
      if (write && options_.may_write && !options_.may_write())
        return Fail(ErrorCode::kDenied, ask.what + "not sent: the lease is not held");
      OC_TRY(http::Call call, CallOf(ask, end));
      auto reply = ask.reader != nullptr ? http_.Stream(call, *ask.reader, cancel)
                                         : http_.Send(call, cancel);
      if (options_.answered) options_.answered(ask.method, reply ? reply->status : 0);
      if (!reply) return base::Wrap(ask.what, std::move(reply).error());
      if (reply->status >= 200 && reply->status < 300) return reply;
      const milliseconds wait = RetryAfter(*reply);
      if (wait.count() < 0 || Clock::now() + wait >= end) return Fail(ErrorOf(*reply, ask.what));
      if (cancel.WaitFor(wait)) return Fail(ErrorCode::kCancelled, ask.what + "cancelled");
    }
  }

 private:
  base::Result<void> WaitForTurn(const Ask& ask, Clock::time_point end,
                                 const base::Cancel& cancel) {
    const auto now = Clock::now();
    const milliseconds wait = bucket_.Reserve(now);
    if (now + wait >= end) {
      bucket_.GiveBack();
      return Fail(ErrorCode::kUnavailable,
                  ask.what + "too many calls to the API server wait for their turn");
    }
    if (wait.count() > 0 && cancel.WaitFor(wait)) {
      bucket_.GiveBack();
      return Fail(ErrorCode::kCancelled, ask.what + "cancelled");
    }
    return {};
  }

  base::Result<http::Call> CallOf(const Ask& ask, Clock::time_point end) {
    auto credentials = credentials_.Get();
    if (!credentials) return base::Wrap(ask.what, std::move(credentials).error());
    http::Call call;
    call.method = ask.method;
    call.url = credentials_.access().server + ask.path;
    call.proxy = credentials_.access().proxy;
    call.headers.emplace_back("Accept", ask.accept);
    if (!ask.content_type.empty()) call.headers.emplace_back("Content-Type", ask.content_type);
    if (!credentials->authorization.empty())
      call.headers.emplace_back("Authorization", credentials->authorization);
    call.body = ask.body;
    call.tls = credentials->tls;
    call.max_body_bytes = ask.max_body_bytes != 0 ? ask.max_body_bytes : options_.max_object_bytes;
    const auto left =
        std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(end - Clock::now()));
    call.connect = std::min(call.connect, left);
    call.answer = left;
    call.whole = left;
    if (ask.reader != nullptr) {
      // The server ends it by itself, and sends a bookmark a minute meanwhile.
      call.whole = 2 * options_.watch_time + left;
      call.stall = std::chrono::seconds(180);
    }
    return call;
  }

  http::Client& http_;
  const ClientOptions options_;
  Credentials credentials_;
  TokenBucket bucket_;
  const std::string namespace_;
};

Client::Client(std::unique_ptr<Caller> caller) : caller_(std::move(caller)) {}

Client::~Client() = default;

base::Result<std::unique_ptr<Client>> Client::Connect(Access access, http::Client& http,
                                                      ClientOptions options) {
  auto caller = std::make_unique<Caller>(std::move(access), http, std::move(options));
  OC_TRY(Credentials::Current current, caller->credentials().Get());
  (void)current;
  return std::unique_ptr<Client>(new Client(std::move(caller)));
}

const std::string& Client::default_namespace() const { return caller_->default_namespace(); }

const std::string& Client::server() const { return caller_->credentials().access().server; }

base::Result<Live> Client::Get(const Resource& resource, const Key& key,
                               const base::Cancel& cancel) {
  Caller::Ask ask;
  ask.path = PathOf(resource, key.ns, key.name, Part::kMain);
  ask.what = What("GET", resource, Text(key));
  ask.deadline = caller_->options().deadline;
  OC_TRY(http::Reply reply, caller_->Do(ask, cancel));
  return ReadLive(reply.body, ask.what);
}

base::Result<Page> Client::List(const Resource& resource, const Selector& selector,
                                std::string_view next,
                                const std::function<void(const Value&)>& take,
                                const base::Cancel& cancel) {
  Query query = QueryOf(selector);
  query.Add("limit", std::to_string(caller_->options().page_items));
  query.Add("continue", next);
  Caller::Ask ask;
  ask.path = PathOf(resource, selector.ns, "", Part::kMain) + query.text();
  ask.what = What("LIST", resource, selector.ns);
  ask.accept = AcceptOf(selector, true);
  ask.deadline = caller_->options().list_deadline;
  ask.max_body_bytes = caller_->options().max_page_bytes;
  OC_TRY(http::Reply reply, caller_->Do(ask, cancel));
  auto page = ReadList(reply.body, resource, MaskOf(selector), take);
  if (!page) return base::Wrap(ask.what, std::move(page).error());
  return page;
}

base::Result<WatchEnd> Client::Watch(const Resource& resource, const Selector& selector,
                                     std::string_view since, WatchSink& sink,
                                     const base::Cancel& cancel) {
  // At different times, so that not all watches of all clients are opened anew at once.
  static thread_local std::minstd_rand random(std::random_device{}());
  const auto least = static_cast<std::int64_t>(caller_->options().watch_time.count());
  const std::int64_t seconds =
      std::uniform_int_distribution<std::int64_t>(least, 2 * least)(random);
  Query query = QueryOf(selector);
  query.Add("watch", "true");
  query.Add("allowWatchBookmarks", "true");
  query.Add("timeoutSeconds", std::to_string(seconds));
  query.Add("resourceVersion", since);
  const value::FieldMask mask = MaskOf(selector);
  WatchReader events(resource, mask, caller_->options().max_object_bytes, sink);
  http::StreamReader reader;
  reader.started = [&](const http::Reply& reply) {
    if (reply.status == 200) sink.Opened();
    return true;
  };
  reader.take = [&](std::string_view bytes) { return events.Take(bytes); };
  Caller::Ask ask;
  ask.path = PathOf(resource, selector.ns, "", Part::kMain) + query.text();
  ask.what = What("WATCH", resource, selector.ns);
  ask.accept = AcceptOf(selector, false);
  ask.deadline = caller_->options().deadline;
  ask.reader = &reader;
  auto reply = caller_->Do(ask, cancel);
  if (events.expired()) return WatchEnd::kExpired;
  if (events.error().code != ErrorCode::kNone) return base::Wrap(ask.what, events.error());
  if (!reply && reply.error().code == ErrorCode::kExpired) return WatchEnd::kExpired;
  if (!reply) return Fail(std::move(reply).error());
  return WatchEnd::kClosed;
}

base::Result<Live> Client::Apply(const Resource& resource, const Key& key, const Value& object,
                                 Part part, std::string_view manager, const base::Cancel& cancel) {
  base::Arena arena;
  Query query;
  query.Add("fieldManager", manager);
  query.Add("force", "true");
  return caller_->Write("PATCH", PathOf(resource, key.ns, key.name, part) + query.text(),
                        What("APPLY", resource, Text(key), part),
                        "application/apply-patch+yaml",  // JSON is YAML
                        Identified(arena, resource, key, object), cancel);
}

base::Result<Live> Client::MergePatch(const Resource& resource, const Key& key, const Value& patch,
                                      Part part, const base::Cancel& cancel) {
  return caller_->Write("PATCH", PathOf(resource, key.ns, key.name, part),
                        What("PATCH", resource, Text(key), part), "application/merge-patch+json",
                        patch, cancel);
}

base::Result<Live> Client::Create(const Resource& resource, std::string_view ns,
                                  const Value& object, const base::Cancel& cancel) {
  return caller_->Write("POST", PathOf(resource, ns, "", Part::kMain),
                        What("CREATE", resource, object.Get("metadata", "name").string_or_empty()),
                        "application/json", object, cancel);
}

base::Result<Live> Client::Replace(const Resource& resource, const Key& key, const Value& object,
                                   Part part, const base::Cancel& cancel) {
  base::Arena arena;
  return caller_->Write("PUT", PathOf(resource, key.ns, key.name, part),
                        What("PUT", resource, Text(key), part), "application/json",
                        Identified(arena, resource, key, object), cancel);
}

base::Result<void> Client::Delete(const Resource& resource, const Key& key, std::string_view uid,
                                  const base::Cancel& cancel) {
  Caller::Ask ask;
  ask.method = "DELETE";
  ask.path = PathOf(resource, key.ns, key.name, Part::kMain);
  ask.what = What("DELETE", resource, Text(key));
  ask.content_type = "application/json";
  ask.body = R"({"kind":"DeleteOptions","apiVersion":"v1")";
  if (!uid.empty()) {
    ask.body += R"(,"preconditions":{"uid":)";
    value::AppendJsonString(ask.body, uid);
    ask.body += '}';
  }
  ask.body += '}';
  ask.deadline = caller_->options().deadline;
  auto reply = caller_->Do(ask, cancel);
  if (!reply && reply.error().code != ErrorCode::kNotFound) return Fail(std::move(reply).error());
  return {};
}

base::Result<std::vector<Resource>> Client::Discover(std::string_view group,
                                                     std::string_view version,
                                                     const base::Cancel& cancel) {
  const std::string path =
      group.empty() ? "/api/" + Encode(version) : "/apis/" + Encode(group) + "/" + Encode(version);
  OC_TRY(std::string text, GetRaw(path, cancel));
  base::Arena arena;
  auto list = value::ReadJson(text, arena);
  const Value resources = list ? list->Get("resources") : Value();
  if (!resources.is_list())
    return Fail(ErrorCode::kUnavailable, "GET " + path + ": the answer is no list of resources");
  std::vector<Resource> found;
  for (const Value& entry : resources.as_list()) {
    const std::string plural(entry.Get("name").string_or_empty());
    if (plural.empty() || plural.find('/') != std::string::npos) continue;  // subresources
    const Value namespaced = entry.Get("namespaced");
    found.push_back({std::string(group), std::string(version), plural,
                     std::string(entry.Get("kind").string_or_empty()),
                     namespaced.is_bool() && namespaced.as_bool()});
  }
  return found;
}

base::Result<std::string> Client::GetRaw(std::string_view path, const base::Cancel& cancel) {
  Caller::Ask ask;
  ask.path = path;
  ask.what = "GET " + std::string(path) + ": ";
  ask.deadline = caller_->options().deadline;
  OC_TRY(http::Reply reply, caller_->Do(ask, cancel));
  return std::move(reply.body);
}

}  // namespace openchoreo::kube
