// One call under way: what the thread of transfers and the thread that waits for it share.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "common/platform/http/client.h"

namespace openchoreo::http {

class Transfer {
 public:
  using Clock = std::chrono::steady_clock;

  // `call` must outlive the transfer's time in the loop. `streaming`: a 2xx body is handed over in
  // pieces (Next), not collected.
  Transfer(const Call& call, const ClientOptions& options, bool streaming);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // kUsage where the URL or an option is none libcurl takes. Once, before the loop gets it.
  base::Result<void> Prepare();

  // For the thread of transfers.
  CURL* easy() const { return easy_; }

  const std::string& origin() const { return origin_; }  // scheme://host:port

  Clock::time_point begun() const { return begun_; }

  Clock::time_point last_byte() const { return last_byte_; }

  void Begin(Clock::time_point now, long max_connection_age_seconds);
  void Resume();  // after a pause: the reader wants more
  // The first deadline that is over, as words for a message; "" if none is.
  std::string Overdue(Clock::time_point now) const;
  // When the next deadline ends.
  Clock::time_point NextDeadline() const;

  // Whether the headers of an answer have come.
  bool answered() const { return answered_; }

  // Of the answer: whether others may share its connection.
  bool http2() const { return http2_; }

  // The end: libcurl's result, or the error that the loop found.
  void End(CURLcode code);
  void Fail(base::ErrorCode code, std::string why);

  // For the thread that waits. Waits for the headers (true) or an end without any (false).
  bool WaitForHeaders();
  // The bytes that came since the last call; false at the end of the body. `resume` becomes true
  // when the server was held back and may go on.
  bool Next(std::string& bytes, bool& resume);
  void WaitForEnd();
  // After the end: the error, if there is one.
  base::Result<void> result() const;

  Reply& reply() { return reply_; }

  bool refused() const { return reply_.status < 200 || reply_.status >= 300; }

 private:
  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  base::Result<void> SetTls(const Tls& tls);
  void TakeHeaderLine(std::string_view line);
  std::size_t TakeBody(std::string_view bytes);
  void Finish();

  const Call& call_;
  const ClientOptions& options_;
  const bool streaming_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::string origin_;
  char error_text_[CURL_ERROR_SIZE] = {};

  // Only the thread of transfers touches these.
  Clock::time_point begun_, last_byte_;
  bool answered_ = false;
  bool http2_ = false;
  bool paused_ = false;
  bool cut_ = false;  // a refusal's body that was long enough

  std::mutex mutex_;  // guards what follows; reply_ without it once done_
  std::condition_variable changed_;
  bool headers_done_ = false;
  bool done_ = false;
  bool held_back_ = false;
  std::string waiting_bytes_;
  base::Error error_;
  Reply reply_;
};

}  // namespace openchoreo::http
