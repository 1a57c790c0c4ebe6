#include "common/platform/http/transfer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace openchoreo::http {

using base::ErrorCode;

namespace {

// Bytes a reader may be behind before its server is held back.
constexpr std::size_t kMaxWaitingBytes = 1u << 20;
constexpr std::size_t kMaxHeaderBytes = 64u << 10;

// A host that is gone without a word is noticed within half a minute, also where nothing is sent.
int OnSocket(void*, curl_socket_t fd, curlsocktype) {
  unsigned milliseconds = 30'000;
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
  return CURL_SOCKOPT_OK;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

curl_blob Blob(const std::string& text) {
  // Copied when a connection is made; the Tls outlives the call.
  return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
}

std::string UrlPart(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

Transfer::Transfer(const Call& call, const ClientOptions& options, bool streaming)
    : call_(call), options_(options), streaming_(streaming) {}

Transfer::~Transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(connect_to_);
}

base::Result<void> Transfer::Prepare() {
  easy_ = curl_easy_init();
  CURLU* url = curl_url();
  if (easy_ == nullptr || url == nullptr) return base::Fail(ErrorCode::kInternal, "out of memory");
  const bool parsed = curl_url_set(url, CURLUPART_URL, call_.url.c_str(), 0) == CURLUE_OK;
  const std::string scheme = UrlPart(url, CURLUPART_SCHEME);
  const std::string host = UrlPart(url, CURLUPART_HOST);
  const std::string port = UrlPart(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  curl_easy_setopt(easy_, CURLOPT_URL, call_.url.c_str());
  if (parsed && call_.tls && !call_.tls->server_name.empty()) {
    // libcurl asks the certificate for the URL's host: give it the wanted name and connect
    // elsewhere.
    const std::string& name = call_.tls->server_name;
    if (curl_url_set(url, CURLUPART_HOST, name.c_str(), 0) == CURLUE_OK) {
      connect_to_ =
          curl_slist_append(nullptr, (name + ":" + port + ":" + host + ":" + port).c_str());
      curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
      curl_easy_setopt(easy_, CURLOPT_URL, UrlPart(url, CURLUPART_URL).c_str());
      headers_ = curl_slist_append(headers_, ("Host: " + host + ":" + port).c_str());
    }
  }
  curl_url_cleanup(url);
  if (!parsed || host.empty() || (scheme != "http" && scheme != "https")) {
    return base::Fail(ErrorCode::kUsage,
                      "\"" + UrlForMessages(call_.url) + "\" is no http or https URL");
  }
  origin_ = scheme + "://" + host + ":" + port;

  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // an abandoned name look-up holds up nobody
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, 1L);  // share a connection rather than open one more
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPIDLE, 15L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPINTVL, 5L);
  curl_easy_setopt(easy_, CURLOPT_SOCKOPTFUNCTION, OnSocket);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call_.connect.count()));
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  for (const auto& [name, value] : call_.headers)
    headers_ = curl_slist_append(headers_, (name + ": " + value).c_str());
  headers_ = curl_slist_append(headers_, "Expect:");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  if (call_.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (call_.method != "GET") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, call_.body.data());
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(call_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, call_.method.c_str());
  }
  if (!call_.proxy.empty()) curl_easy_setopt(easy_, CURLOPT_PROXY, call_.proxy.c_str());
  if (call_.tls) return SetTls(*call_.tls);
  return {};
}

base::Result<void> Transfer::SetTls(const Tls& tls) {
  if (!tls.authorities.empty()) {
    curl_blob blob = Blob(tls.authorities);
    curl_easy_setopt(easy_, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  }
  if (!tls.certificate.empty()) {
    curl_blob certificate = Blob(tls.certificate), key = Blob(tls.key);
    curl_easy_setopt(easy_, CURLOPT_SSLCERTTYPE, "PEM");
    curl_easy_setopt(easy_, CURLOPT_SSLCERT_BLOB, &certificate);
    curl_easy_setopt(easy_, CURLOPT_SSLKEYTYPE, "PEM");
    curl_easy_setopt(easy_, CURLOPT_SSLKEY_BLOB, &key);
  }
  if (tls.skip_verification) {
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  return {};
}

void Transfer::Begin(Clock::time_point now, long max_connection_age_seconds) {
  begun_ = last_byte_ = now;
  if (max_connection_age_seconds > 0)
    curl_easy_setopt(easy_, CURLOPT_MAXLIFETIME_CONN, max_connection_age_seconds);
}

void Transfer::Resume() {
  if (!paused_) return;
  paused_ = false;
  last_byte_ = Clock::now();
  curl_easy_pause(easy_, CURLPAUSE_CONT);
}

std::string Transfer::Overdue(Clock::time_point now) const {
  auto after = [](std::chrono::milliseconds time) {
    return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                    : std::to_string(time.count()) + " ms";
  };
  if (!answered_ && now - begun_ >= call_.answer) return "no answer within " + after(call_.answer);
  if (call_.whole.count() > 0 && now - begun_ >= call_.whole)
    return "not done within " + after(call_.whole);
  if (answered_ && !paused_ && call_.stall.count() > 0 && now - last_byte_ >= call_.stall)
    return "the server has sent nothing for " + after(call_.stall);
  return "";
}

Transfer::Clock::time_point Transfer::NextDeadline() const {
  auto next = Clock::time_point::max();
  if (!answered_) next = begun_ + call_.answer;
  if (call_.whole.count() > 0) next = std::min(next, begun_ + call_.whole);
  if (answered_ && !paused_ && call_.stall.count() > 0)
    next = std::min(next, last_byte_ + call_.stall);
  return next;
}

std::size_t Transfer::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  static_cast<Transfer*>(self)->TakeHeaderLine({data, size * count});
  return size * count;
}

void Transfer::TakeHeaderLine(std::string_view line) {
  last_byte_ = Clock::now();
  line = Trim(line);
  std::lock_guard lock(mutex_);
  if (headers_done_) return;  // trailers
  if (line.starts_with("HTTP/")) {
    http2_ = line.starts_with("HTTP/2");
    reply_.headers.clear();
    reply_.status = 0;
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos) {
      std::string_view digits = line.substr(space + 1);
      std::from_chars(digits.data(), digits.data() + digits.size(), reply_.status);
    }
  } else if (line.empty()) {
    if (reply_.status >= 200) {
      headers_done_ = answered_ = true;
      changed_.notify_all();
    }
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    std::string name(line.substr(0, colon));
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::size_t held = 0;
    for (const auto& header : reply_.headers) held += header.first.size() + header.second.size();
    if (held + line.size() <= kMaxHeaderBytes)
      reply_.headers.emplace_back(std::move(name), Trim(line.substr(colon + 1)));
  }
}

std::size_t Transfer::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  return static_cast<Transfer*>(self)->TakeBody({data, size * count});
}

std::size_t Transfer::TakeBody(std::string_view bytes) {
  last_byte_ = Clock::now();
  std::lock_guard lock(mutex_);
  if (streaming_ && !refused()) {
    if (waiting_bytes_.size() >= kMaxWaitingBytes) {
      paused_ = held_back_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    waiting_bytes_ += bytes;
    changed_.notify_all();
    return bytes.size();
  }
  const std::size_t room =
      call_.max_body_bytes - std::min(call_.max_body_bytes, reply_.body.size());
  reply_.body += bytes.substr(0, room);
  if (bytes.size() <= room) return bytes.size();
  if (refused()) {
    cut_ = true;
  } else {
    error_.code = ErrorCode::kLimit;
    error_.message = UrlForMessages(call_.url) + ": the answer is larger than " +
                     std::to_string(call_.max_body_bytes) + " bytes";
  }
  return CURL_WRITEFUNC_ERROR;
}

void Transfer::End(CURLcode code) {
  if (code != CURLE_OK && !cut_ && error_.code == ErrorCode::kNone) {
    const char* text = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
    error_.code = code == CURLE_SSL_CERTPROBLEM ? ErrorCode::kUsage : ErrorCode::kUnavailable;
    error_.message = UrlForMessages(call_.url) + ": " + text;
  }
  Finish();
}

void Transfer::Fail(ErrorCode code, std::string why) {
  error_.code = code;
  error_.message = UrlForMessages(call_.url) + ": " + std::move(why);
  Finish();
}

void Transfer::Finish() {
  std::lock_guard lock(mutex_);
  done_ = true;
  changed_.notify_all();
}

bool Transfer::WaitForHeaders() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return headers_done_ || done_; });
  return headers_done_;
}

bool Transfer::Next(std::string& bytes, bool& resume) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !waiting_bytes_.empty() || done_; });
  bytes.clear();
  bytes.swap(waiting_bytes_);
  resume = held_back_;
  held_back_ = false;
  return !bytes.empty();
}

void Transfer::WaitForEnd() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_; });
}

base::Result<void> Transfer::result() const {
  if (error_.code != ErrorCode::kNone) return base::Fail(error_);
  return {};
}

}  // namespace openchoreo::http
