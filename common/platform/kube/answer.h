// What the API server's answers say: errors, lists, watch events. Bytes in, values out; no network.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/platform/http/client.h"
#include "common/platform/kube/client.h"

namespace openchoreo::kube {

// The error of an answer that is no 2xx: its code by the status, its message by the Status object
// in the body, else by the body's first line. `what` is put before it ("PATCH pods a/b: ").
base::Error ErrorOf(const http::Reply& reply, std::string_view what);

// How long the server asks to wait before the call is tried again; negative: it does not.
std::chrono::milliseconds RetryAfter(const http::Reply& reply);

// The mask of a Selector, with what Live needs.
value::FieldMask MaskOf(const Selector& selector);

// A list's answer, its items one by one; apiVersion and kind are filled in, where lists leave them
// out. Errors: kUnavailable (no list).
base::Result<Page> ReadList(std::string_view text, const Resource& resource,
                            const value::FieldMask& mask,
                            const std::function<void(const value::Value&)>& take);

// Reads a watch's answer as it comes in, in pieces of any size. Not thread-safe.
class WatchReader {
 public:
  WatchReader(const Resource& resource, const value::FieldMask& mask, std::size_t max_event_bytes,
              WatchSink& sink)
      : resource_(resource), mask_(mask), max_event_bytes_(max_event_bytes), sink_(sink) {}

  // False once the watch is over: error() or expired() then say why. A last line without its end is
  // not taken: the server was cut off within it.
  bool Take(std::string_view bytes);

  bool expired() const { return expired_; }

  const base::Error& error() const { return error_; }

 private:
  bool TakeLine(std::string_view line);
  bool TakeError(std::string_view object);

  const Resource& resource_;
  const value::FieldMask& mask_;
  const std::size_t max_event_bytes_;
  WatchSink& sink_;
  base::Arena arena_;
  std::string buffer_;
  bool expired_ = false;
  base::Error error_;
};

}  // namespace openchoreo::kube
