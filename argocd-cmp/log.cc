#include "argocd-cmp/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "common/value/json_writer.h"

namespace openchoreo::argocd {

namespace {

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

const char* Name(LogLevel level) {
  constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<int>(level)];
}

std::string Now() {
  auto now = std::chrono::system_clock::now();
  std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char date[32], text[48];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text, sizeof text, "%s.%03dZ", date, static_cast<int>(millis));
  return text;
}

}  // namespace

void StartLog(LogLevel level) {
  auto logger = std::make_shared<spdlog::logger>("argocd-cmp",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(SpdlogLevel(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

LogLine::LogLine(LogLevel level, std::string_view message) : level_(level) {
  text_ = "{\"time\":\"" + Now() + "\",\"level\":\"" + Name(level) + '"';
  Add("msg", message);
}

LogLine::~LogLine() {
  text_ += '}';
  spdlog::default_logger_raw()->log(SpdlogLevel(level_),
                                    spdlog::string_view_t(text_.data(), text_.size()));
}

void LogLine::Key(std::string_view key) {
  text_ += ',';
  value::AppendJsonString(text_, key);
  text_ += ':';
}

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  Key(key);
  value::AppendJsonString(text_, value);
  return *this;
}

LogLine& LogLine::Add(std::string_view key, double value) {
  Key(key);
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f", value);
  text_ += digits;
  return *this;
}

LogLine& LogLine::Add(std::string_view key, std::size_t value) {
  Key(key);
  text_ += std::to_string(value);
  return *this;
}

LogLine& LogLine::Add(std::string_view key, bool value) {
  Key(key);
  text_ += value ? "true" : "false";
  return *this;
}

}  // namespace openchoreo::argocd
