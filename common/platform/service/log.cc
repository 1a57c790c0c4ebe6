#include "common/platform/service/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdio>

#include "common/base/printable.h"
#include "common/platform/service/clock.h"
#include "common/value/json_writer.h"

namespace openchoreo::service {

namespace {

std::atomic<LogEncoding> encoding_in_force{LogEncoding::kJson};

struct LevelNames {
  const char* flag;
  const char* json;
  const char* console;
  spdlog::level::level_enum level;
};

constexpr LevelNames kLevels[] = {{"trace", "trace", "TRACE", spdlog::level::trace},
                                  {"debug", "debug", "DEBUG", spdlog::level::debug},
                                  {"info", "info", "INFO ", spdlog::level::info},
                                  {"warn", "warning", "WARN ", spdlog::level::warn},
                                  {"error", "error", "ERROR", spdlog::level::err}};

const LevelNames& NamesOf(LogLevel level) { return kLevels[static_cast<int>(level)]; }

std::string Now() {
  const auto now = SystemClock().Now();
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(millis));
  std::string text = Rfc3339(now);
  text.pop_back();
  return text + fraction;
}

bool IsJson() { return encoding_in_force.load(std::memory_order_relaxed) == LogEncoding::kJson; }

}  // namespace

void StartLog(LogLevel level, LogEncoding encoding) {
  auto logger = std::make_shared<spdlog::logger>("openchoreo",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(NamesOf(level).level);
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
  encoding_in_force = encoding;
}

base::Result<void> StartLog(std::string_view level, std::string_view encoding) {
  if (encoding != "json" && encoding != "console") {
    return base::Fail(base::ErrorCode::kUsage,
                      "\"" + std::string(encoding) + "\" is no log encoding: json or console");
  }
  for (std::size_t i = 0; i < std::size(kLevels); ++i) {
    if (level != kLevels[i].flag) continue;
    StartLog(static_cast<LogLevel>(i),
             encoding == "json" ? LogEncoding::kJson : LogEncoding::kConsole);
    return {};
  }
  return base::Fail(base::ErrorCode::kUsage, "\"" + std::string(level) +
                                                 "\" is no log level: trace, debug, info, warn or "
                                                 "error");
}

LogLine::LogLine(LogLevel level, std::string_view message)
    : level_(level), wanted_(spdlog::default_logger_raw()->should_log(NamesOf(level).level)) {
  if (!wanted_) return;
  if (IsJson()) {
    text_ = "{\"time\":\"" + Now() + "\",\"level\":\"" + NamesOf(level).json + "\"";
    Add("msg", message);
  } else {
    text_ = Now() + " " + NamesOf(level).console + " ";
    std::string quoted;
    value::AppendJsonString(quoted, message);
    text_.append(quoted, 1, quoted.size() - 2);
  }
}

LogLine::~LogLine() {
  if (!wanted_) return;
  if (IsJson()) text_ += '}';
  spdlog::default_logger_raw()->log(NamesOf(level_).level,
                                    spdlog::string_view_t(text_.data(), text_.size()));
}

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  if (!wanted_) return *this;
  std::string quoted;
  // JSON escapes what would break the line, but not what steers the terminal of whoever reads it.
  value::AppendJsonString(quoted, base::Shown(value, base::LineBreaks::kKeep));
  return AddRaw(key, quoted);
}

LogLine& LogLine::Add(std::string_view key, double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f", value);
  return AddRaw(key, digits);
}

LogLine& LogLine::AddRaw(std::string_view key, std::string_view text) {
  if (!wanted_) return *this;
  if (IsJson()) {
    text_ += ',';
    value::AppendJsonString(text_, key);
    text_ += ':';
  } else {
    text_.append(" ").append(key).append("=");
  }
  text_ += text;
  return *this;
}

}  // namespace openchoreo::service
