// Structured logs on standard error: a JSON object or a line for people, each on one line.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::service {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError };
enum class LogEncoding : std::uint8_t { kJson, kConsole };

// Lines below `level` are dropped. Call once, before the first line and before any other thread
// exists.
void StartLog(LogLevel level, LogEncoding encoding = LogEncoding::kJson);

// By the words of flags: trace, debug, info, warn or error; json or console. Errors: kUsage.
base::Result<void> StartLog(std::string_view level, std::string_view encoding);

// LogLine(LogLevel::kInfo, "generated").Add("app", name).Add("ms", 12.5); writes itself at its end.
// Text of strangers is escaped: it cannot begin a line.
class LogLine {
 public:
  LogLine(LogLevel level, std::string_view message);
  ~LogLine();
  LogLine(const LogLine&) = delete;
  LogLine& operator=(const LogLine&) = delete;

  LogLine& Add(std::string_view key, std::string_view value);

  LogLine& Add(std::string_view key, const char* value) {
    return Add(key, std::string_view(value));
  }

  LogLine& Add(std::string_view key, double value);

  template <std::integral T>
  LogLine& Add(std::string_view key, T value) {
    if constexpr (std::same_as<T, bool>) {
      return AddRaw(key, value ? "true" : "false");
    } else {
      return AddRaw(key, std::to_string(value));
    }
  }

 private:
  LogLine& AddRaw(std::string_view key, std::string_view text);

  const LogLevel level_;
  const bool wanted_;
  std::string text_;
};

}  // namespace openchoreo::service
