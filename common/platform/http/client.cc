#include "common/platform/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "common/platform/http/transfer.h"

namespace openchoreo::http {

using base::ErrorCode;
using base::Fail;

namespace {

struct CurlUrl {
  CURLU* handle = curl_url();

  CurlUrl() = default;
  CurlUrl(const CurlUrl&) = delete;
  CurlUrl& operator=(const CurlUrl&) = delete;

  ~CurlUrl() { curl_url_cleanup(handle); }

  bool Set(CURLUPart part, const std::string& text) {
    return curl_url_set(handle, part, text.c_str(), 0) == CURLUE_OK;
  }

  std::string Get(CURLUPart part) const {
    char* text = nullptr;
    if (curl_url_get(handle, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
    std::string copy(text);
    curl_free(text);
    return copy;
  }
};

// Where an answer of status 3xx leads, if that is within the host it comes from.
base::Result<std::string> RedirectTarget(const std::string& from, std::string_view location) {
  CurlUrl before, after;
  if (!before.Set(CURLUPART_URL, from) || !after.Set(CURLUPART_URL, from) ||
      !after.Set(CURLUPART_URL, std::string(location))) {
    return Fail(ErrorCode::kUnavailable,
                UrlForMessages(from) + ": redirected to something that is no URL");
  }
  const std::string scheme = after.Get(CURLUPART_SCHEME);
  const bool secure = before.Get(CURLUPART_SCHEME) == "https";
  const bool same_place = after.Get(CURLUPART_HOST) == before.Get(CURLUPART_HOST) &&
                          (scheme == "https" || (scheme == "http" && !secure));
  if (!same_place) {
    return Fail(ErrorCode::kUnavailable, UrlForMessages(from) + ": redirected to " +
                                             UrlForMessages(location) + ", which is not followed");
  }
  return after.Get(CURLUPART_URL);
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

std::string UrlForMessages(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url.substr(url.rfind('@') + 1));
  std::string_view rest = url.substr(scheme + 3);
  const std::size_t at = rest.substr(0, rest.find('/')).rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  return std::string(url.substr(0, scheme + 3)).append(rest);
}

std::string_view Reply::Header(std::string_view name) const {
  for (const auto& header : headers) {
    if (header.first == name) return header.second;
  }
  return {};
}

// The thread of transfers.
class Client::Loop {
 public:
  explicit Loop(ClientOptions options) : options_(std::move(options)) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    OC_CHECK(initialised == CURLE_OK);
    multi_ = curl_multi_init();
    OC_CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                      static_cast<long>(options_.max_connections));
    thread_ = std::thread([this] { Run(); });
  }

  ~Loop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Calls, and once more for each redirect that is to be followed. `receive` gets each transfer
  // and its number; true: it has enough, whatever becomes of the rest.
  template <typename Receive>
  base::Result<Reply> Follow(const Call& call, bool streaming, const base::Cancel& cancel,
                             const Receive& receive) {
    Call hop = call;
    for (unsigned redirects = 0;; ++redirects) {
      if (cancel.is_set())
        return Fail(ErrorCode::kCancelled, UrlForMessages(hop.url) + ": cancelled");
      Transfer transfer(hop, options_, streaming);
      OC_TRY_DONE(transfer.Prepare());
      const std::uint64_t number = Add(&transfer);
      base::Cancel::Hook hook = cancel.OnSet([&] { Abort(number); });
      const bool enough = receive(transfer, number);
      transfer.WaitForEnd();
      hook = {};
      if (!enough) OC_TRY_DONE(transfer.result());
      Reply reply = std::move(transfer.reply());
      if (!IsRedirect(reply.status) || redirects == call.max_redirects) return reply;
      OC_TRY(hop.url, RedirectTarget(hop.url, reply.Header("location")));
    }
  }

  // Nothing happens if the transfer has ended by itself.
  void Abort(std::uint64_t number) { Tell({Wish::kAbort, number, nullptr}); }

  void Resume(std::uint64_t number) { Tell({Wish::kResume, number, nullptr}); }

 private:
  using Clock = Transfer::Clock;

  struct Wish {
    enum Kind { kAdd, kAbort, kResume } kind;

    std::uint64_t number;
    Transfer* transfer;  // kAdd only: others may come after its end
  };

  struct Active {
    std::uint64_t number;
    Transfer* transfer;
  };

  // What is known of one scheme://host:port.
  struct Origin {
    Clock::time_point last_byte;  // of any of its transfers that ended
    Clock::time_point distrust;   // connections made before this are not used again
    bool http2 = false;           // its transfers share connections
  };

  // The transfer must live until its end was told. Returns its number.
  std::uint64_t Add(Transfer* transfer) {
    const std::uint64_t number = ++last_number_;
    Tell({Wish::kAdd, number, transfer});
    return number;
  }

  void Tell(Wish wish) {
    {
      std::lock_guard lock(mutex_);
      wishes_.push_back(wish);
    }
    curl_multi_wakeup(multi_);
  }

  void Run() {
    for (;;) {
      std::vector<Wish> wishes;
      {
        std::lock_guard lock(mutex_);
        if (stopping_) return;
        wishes.swap(wishes_);
      }
      for (const Wish& wish : wishes) Fulfil(wish);
      int running = 0;
      curl_multi_perform(multi_, &running);
      TakeResults();
      EndOverdue();
      curl_multi_poll(multi_, nullptr, 0, PollTime(), nullptr);
    }
  }

  void Fulfil(const Wish& wish) {
    if (wish.kind == Wish::kAdd) {
      Transfer* transfer = wish.transfer;
      const Origin& origin = origins_[transfer->origin()];
      const auto now = Clock::now();
      long age = 0;
      if (origin.distrust != Clock::time_point()) {
        age = std::max(
            1L,
            static_cast<long>(
                std::chrono::duration_cast<std::chrono::seconds>(now - origin.distrust).count()));
      }
      transfer->Begin(now, age);
      active_.push_back({wish.number, transfer});
      curl_multi_add_handle(multi_, transfer->easy());
      return;
    }
    auto found = std::find_if(active_.begin(), active_.end(),
                              [&](const Active& active) { return active.number == wish.number; });
    if (found == active_.end()) return;
    Transfer* transfer = found->transfer;
    if (wish.kind == Wish::kResume) {
      transfer->Resume();
    } else {
      Leave(transfer);
      transfer->Fail(ErrorCode::kCancelled, "cancelled");
    }
  }

  // Out of libcurl's hands; after it the transfer may be told its end, and be gone.
  void Leave(Transfer* transfer) {
    curl_multi_remove_handle(multi_, transfer->easy());
    std::erase_if(active_, [&](const Active& active) { return active.transfer == transfer; });
    if (!transfer->answered()) return;
    Origin& origin = origins_[transfer->origin()];
    origin.last_byte = std::max(origin.last_byte, transfer->last_byte());
    origin.http2 = transfer->http2();
  }

  void TakeResults() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      const CURLcode code = message->data.result;
      Leave(transfer);
      transfer->End(code);
    }
  }

  void EndOverdue() {
    const auto now = Clock::now();
    for (std::size_t i = 0; i < active_.size();) {
      Transfer* transfer = active_[i].transfer;
      std::string why = transfer->Overdue(now);
      if (why.empty()) {
        ++i;
        continue;
      }
      const std::string origin = transfer->origin();
      const bool answered = transfer->answered();
      const auto begun = transfer->begun();
      Leave(transfer);
      transfer->Fail(ErrorCode::kUnavailable, std::move(why));
      if (!answered && EndSilent(origin, begun, now)) i = 0;
    }
  }

  // No byte came from this origin since `since`, on whatever stream: its connection is dead.
  // Streams that share it would wait for long, and new calls would join them. True if others were
  // ended.
  bool EndSilent(const std::string& name, Clock::time_point since, Clock::time_point now) {
    Origin& origin = origins_[name];
    std::vector<Transfer*> silent;
    bool http2 = origin.http2;
    for (const auto& [number, transfer] : active_) {
      if (transfer->origin() != name) continue;
      if (transfer->answered() && transfer->last_byte() > since) return false;
      http2 = http2 || transfer->http2();
      if (transfer->begun() <= since) silent.push_back(transfer);
    }
    if (!http2 || origin.last_byte > since) return false;
    origin.distrust = now;
    for (Transfer* transfer : silent) {
      Leave(transfer);
      transfer->Fail(ErrorCode::kUnavailable, "the server no longer answers on this connection");
    }
    return !silent.empty();
  }

  int PollTime() const {
    auto next = Clock::now() + std::chrono::seconds(10);
    for (const Active& active : active_) next = std::min(next, active.transfer->NextDeadline());
    auto time = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now());
    return static_cast<int>(std::max<std::int64_t>(0, time.count())) + 1;
  }

  const ClientOptions options_;
  CURLM* multi_ = nullptr;
  std::vector<Active> active_;  // this and origins_: only the thread of transfers
  std::map<std::string, Origin> origins_;
  std::atomic<std::uint64_t> last_number_{0};
  std::mutex mutex_;
  std::vector<Wish> wishes_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

Client::Client(ClientOptions options) : loop_(std::make_unique<Loop>(std::move(options))) {}

Client::~Client() = default;

base::Result<Reply> Client::Send(const Call& call, const base::Cancel& cancel) {
  return loop_->Follow(call, false, cancel, [](Transfer&, std::uint64_t) { return false; });
}

base::Result<Reply> Client::Stream(const Call& call, const StreamReader& reader,
                                   const base::Cancel& cancel) {
  return loop_->Follow(call, true, cancel, [&](Transfer& transfer, std::uint64_t number) {
    if (!transfer.WaitForHeaders() || transfer.refused()) return false;
    bool enough = reader.started && !reader.started(transfer.reply());
    std::string bytes;
    bool resume = false;
    while (!enough && transfer.Next(bytes, resume)) {
      if (resume) loop_->Resume(number);
      enough = !reader.take(bytes);
    }
    if (enough) loop_->Abort(number);
    return enough;
  });
}

}  // namespace openchoreo::http
