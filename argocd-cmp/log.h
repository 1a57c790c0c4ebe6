// Structured logs: one JSON object per line on standard error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace openchoreo::argocd {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

// Lines below `level` are dropped. Call once, before the first line.
void StartLog(LogLevel level);

// LogLine(LogLevel::kInfo, "generated").Add("app", name).Add("ms", 12.5); writes itself at its end.
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
  LogLine& Add(std::string_view key, std::size_t value);
  LogLine& Add(std::string_view key, bool value);

 private:
  void Key(std::string_view key);

  LogLevel level_;
  std::string text_;
};

}  // namespace openchoreo::argocd
