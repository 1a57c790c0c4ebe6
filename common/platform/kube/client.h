// The API server: read, list, watch and write objects, which are value::Value.
//
// Every call has a deadline, waits for its turn (a token bucket), and waits out what the server
// asks to wait out (Retry-After; lists refused while its storage initialises). Other failures come
// back at once: whoever calls has a queue with a backoff.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/cancel.h"
#include "common/base/result.h"
#include "common/platform/http/client.h"
#include "common/platform/kube/access.h"
#include "common/platform/kube/live.h"
#include "common/platform/kube/resource.h"
#include "common/value/field_mask.h"
#include "common/value/value.h"

namespace openchoreo::kube {

struct ClientOptions {
  double qps = 50;  // calls per second, on average; 0: no bound
  unsigned burst = 300;
  std::chrono::milliseconds deadline{30'000};       // of one call, all waiting included
  std::chrono::milliseconds list_deadline{60'000};  // of one page
  std::chrono::seconds watch_time{300};  // the server ends watches after it (up to twice)
  std::size_t max_object_bytes = 8u << 20;
  std::size_t max_page_bytes = 256u << 20;
  unsigned page_items = 500;
  // Asked before each attempt to write (a lease's held); false: kDenied, nothing is sent. Empty:
  // yes.
  std::function<bool()> may_write;
  // Told of every answer: method, status (0: none came). For metrics; any thread.
  std::function<void(std::string_view method, int status)> answered;
};

// Which objects of a kind, and what of them.
struct Selector {
  std::string ns;      // "" = all namespaces
  std::string labels;  // as kubectl's -l
  std::string fields;  // as kubectl's --field-selector
  // Only metadata is sent (PartialObjectMetadata): for Secrets and the like.
  bool metadata_only = false;
  // What is decoded; null: all but metadata.managedFields. A mask of the kind Only gets apiVersion,
  // kind and the metadata that Live gives of itself.
  std::shared_ptr<const value::FieldMask> keep;
};

struct Page {
  std::string resource_version;  // of the whole list; where a watch may begin
  std::string next;              // for the next page; "" = this was the last
};

// What a watch tells. Called on the thread that called Watch; values live until the call returns.
class WatchSink {
 public:
  virtual ~WatchSink() = default;

  // The server has taken the watch; nothing may come for long.
  virtual void Opened() {}

  virtual void Changed(const value::Value& object) = 0;  // added or modified
  virtual void Gone(const value::Value& object) = 0;     // its last state
  // Everything up to this version was told: a watch may go on from here.
  virtual void Reached(std::string_view resource_version) = 0;
};

enum class WatchEnd : std::uint8_t {
  kClosed,  // the server closed it, as it does every few minutes: watch again from the last version
  kExpired,  // the version is too old (410): list again
};

// Main: all but status; status: the status subresource.
enum class Part : std::uint8_t { kMain, kStatus };

// Thread-safe. Errors of all calls: kNotFound, kConflict (also AlreadyExists), kExpired (410),
// kDenied (401, 403, or may_write said no), kInvalidResource (400, 422 …), kUnavailable (429, 5xx,
// no connection, deadline), kLimit, kCancelled. Messages are the server's where it gave one.
class Client {
 public:
  // `http` must outlive the client. Nothing is sent. Errors: kUnreadableSource (files of `access`).
  static base::Result<std::unique_ptr<Client>> Connect(Access access, http::Client& http,
                                                       ClientOptions options = {});
  ~Client();

  base::Result<Live> Get(const Resource& resource, const Key& key, const base::Cancel& cancel);

  // One page; each object is decoded, handed to `take` and forgotten. `next` "" begins.
  base::Result<Page> List(const Resource& resource, const Selector& selector, std::string_view next,
                          const std::function<void(const value::Value&)>& take,
                          const base::Cancel& cancel);

  // Until it ends, or fails. `since` is a version of List or Reached. Bookmarks are asked for.
  base::Result<WatchEnd> Watch(const Resource& resource, const Selector& selector,
                               std::string_view since, WatchSink& sink, const base::Cancel& cancel);

  // Server-side apply as `manager`, by force. apiVersion, kind and metadata.name (and namespace)
  // are filled in. Empty maps in `object` are left out: they would make every apply a write. What
  // an earlier apply of the manager had and this one has not is taken away.
  base::Result<Live> Apply(const Resource& resource, const Key& key, const value::Value& object,
                           Part part, std::string_view manager, const base::Cancel& cancel);

  // JSON merge patch. With metadata.resourceVersion in `patch` it is refused (kConflict) where
  // somebody else was faster.
  base::Result<Live> MergePatch(const Resource& resource, const Key& key, const value::Value& patch,
                                Part part, const base::Cancel& cancel);

  base::Result<Live> Create(const Resource& resource, std::string_view ns,
                            const value::Value& object, const base::Cancel& cancel);

  // PUT; metadata.resourceVersion in `object` guards it.
  base::Result<Live> Replace(const Resource& resource, const Key& key, const value::Value& object,
                             Part part, const base::Cancel& cancel);

  // `uid` "" deletes whatever has the name. An object that is not there is no error.
  base::Result<void> Delete(const Resource& resource, const Key& key, std::string_view uid,
                            const base::Cancel& cancel);

  // The kinds of one group and version. Errors: kNotFound where the server has none.
  base::Result<std::vector<Resource>> Discover(std::string_view group, std::string_view version,
                                               const base::Cancel& cancel);

  // GET of any path of the API server ("/version"), as text.
  base::Result<std::string> GetRaw(std::string_view path, const base::Cancel& cancel);

  // The namespace the access names; "default" if none.
  const std::string& default_namespace() const;
  const std::string& server() const;

 private:
  class Caller;
  explicit Client(std::unique_ptr<Caller> caller);
  std::unique_ptr<Caller> caller_;
};

}  // namespace openchoreo::kube
