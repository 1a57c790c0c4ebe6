#include "common/platform/kube/answer.h"

#include <charconv>

#include "common/platform/kube/json_scan.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo::kube {

using base::ErrorCode;
using base::Fail;
using value::Value;

namespace {

ErrorCode CodeOf(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::kDenied;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
      return ErrorCode::kConflict;
    case 410:
      return ErrorCode::kExpired;
    case 413:
      return ErrorCode::kLimit;
    case 408:
    case 429:
      return ErrorCode::kUnavailable;
    default:
      return status >= 400 && status < 500 ? ErrorCode::kInvalidResource : ErrorCode::kUnavailable;
  }
}

std::string MessageOf(std::string_view body) {
  base::Arena arena;
  if (auto status = value::ReadJson(body, arena)) {
    const std::string_view message = status->Get("message").string_or_empty();
    if (status->Get("kind").string_or_empty() == "Status" && !message.empty())
      return std::string(message);
  }
  return std::string(body.substr(0, std::min<std::size_t>(body.find('\n'), 300)));
}

// The object with the apiVersion and kind of its resource.
Value Complete(base::Arena& arena, const Value& object, const Resource& resource) {
  if (object.Get("kind").string_or_empty() == resource.kind) return object;
  Value named = value::WithKey(arena, object, "apiVersion",
                               Value::String(arena.CopyString(resource.api_version())));
  return value::WithKey(arena, named, "kind", Value::String(arena.CopyString(resource.kind)));
}

}  // namespace

base::Error ErrorOf(const http::Reply& reply, std::string_view what) {
  base::Error error;
  error.code = CodeOf(reply.status);
  error.message = std::string(what);
  const std::string message = MessageOf(reply.body);
  error.message +=
      message.empty() ? "the API server answered " + std::to_string(reply.status) : message;
  return error;
}

std::chrono::milliseconds RetryAfter(const http::Reply& reply) {
  const bool asks = reply.status == 429 || reply.status >= 500;
  const std::string_view text = reply.Header("retry-after");
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (asks && error == std::errc() && end == text.data() + text.size() && !text.empty())
    return std::chrono::seconds(std::max(1u, std::min(seconds, 3600u)));
  return std::chrono::milliseconds(reply.status == 429 ? 1000 : -1);
}

value::FieldMask MaskOf(const Selector& selector) {
  if (!selector.keep) return value::FieldMask::Without({"/metadata/managedFields"});
  value::FieldMask mask = *selector.keep;
  if (mask.only()) {
    for (const char* needed :
         {"/apiVersion", "/kind", "/metadata/name", "/metadata/namespace", "/metadata/uid",
          "/metadata/resourceVersion", "/metadata/generation", "/metadata/deletionTimestamp"}) {
      mask.Add(needed);
    }
  }
  return mask;
}

base::Result<Page> ReadList(std::string_view text, const Resource& resource,
                            const value::FieldMask& mask,
                            const std::function<void(const Value&)>& take) {
  auto broken = [](const std::string& why) {
    return Fail(ErrorCode::kUnavailable, "the API server's list cannot be read: " + why);
  };
  Page page;
  base::Arena arena;
  std::string_view items;
  bool found = false;
  MapScan top(text);
  while (top.Next()) {
    if (top.key() == "metadata") {
      auto metadata = value::ReadJson(top.value(), arena);
      if (!metadata) return broken(metadata.error().message);
      page.resource_version = metadata->Get("resourceVersion").string_or_empty();
      page.next = metadata->Get("continue").string_or_empty();
    } else if (top.key() == "items") {
      items = top.value();
      found = true;
    }
  }
  if (!top.ok() || !found) return broken("it is no list, or was cut off");
  if (items == "null") return page;
  ListScan list(items);
  while (list.Next()) {
    arena.Reset();
    auto object = value::ReadJson(list.value(), arena, mask);
    if (!object) return broken(object.error().message);
    if (!object->is_map()) return broken("an item is no object");
    take(Complete(arena, *object, resource));
  }
  if (!list.ok()) return broken("its items are no list, or were cut off");
  return page;
}

bool WatchReader::Take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (buffer_.size() + piece.size() > max_event_bytes_) {
      error_.code = ErrorCode::kLimit;
      error_.message =
          "an event of the watch is larger than " + std::to_string(max_event_bytes_) + " bytes";
      return false;
    }
    if (end == std::string_view::npos) {
      buffer_ += piece;
      return true;
    }
    bytes.remove_prefix(end + 1);
    bool more = true;
    if (buffer_.empty()) {
      more = TakeLine(piece);
    } else {
      buffer_ += piece;
      more = TakeLine(buffer_);
      buffer_.clear();
    }
    if (!more) return false;
  }
  return true;
}

bool WatchReader::TakeLine(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return true;
  auto broken = [this](const std::string& why) {
    error_.code = ErrorCode::kUnavailable;
    error_.message = "an event of the watch cannot be read: " + why;
    return false;
  };
  std::string_view type, text;
  MapScan event(line);
  while (event.Next()) {
    if (event.key() == "type") type = event.value();
    if (event.key() == "object") text = event.value();
  }
  if (!event.ok()) return broken("it is no JSON object");
  if (type == "\"ERROR\"") return TakeError(text);
  arena_.Reset();
  auto read = value::ReadJson(text, arena_, mask_);
  if (!read) return broken(read.error().message);
  if (!read->is_map()) return broken("it has no object");
  const std::string_view version = read->Get("metadata", "resourceVersion").string_or_empty();
  if (type == "\"BOOKMARK\"") {
    if (!version.empty()) sink_.Reached(version);
    return true;
  }
  if (read->Get("metadata", "name").string_or_empty().empty()) return broken("it names no object");
  const Value object = Complete(arena_, *read, resource_);
  if (type == "\"ADDED\"" || type == "\"MODIFIED\"") {
    sink_.Changed(object);
  } else if (type == "\"DELETED\"") {
    sink_.Gone(object);
  } else {
    return broken("its type is unknown");
  }
  if (!version.empty()) sink_.Reached(version);
  return true;
}

bool WatchReader::TakeError(std::string_view object) {
  arena_.Reset();
  http::Reply reply;
  reply.status = 500;
  reply.body = object;
  if (auto status = value::ReadJson(object, arena_)) {
    const Value code = status->Get("code");
    if (code.is_int() && code.as_int() >= 400 && code.as_int() < 600)
      reply.status = static_cast<int>(code.as_int());
  }
  expired_ = reply.status == 410;
  if (!expired_) error_ = ErrorOf(reply, "watch: ");
  return false;
}

}  // namespace openchoreo::kube
