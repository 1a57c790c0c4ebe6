#include "cli/migrate/expressions.h"

#include <cctype>

namespace openchoreo::migrate {

namespace {

bool IsNameChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Reads one expression and writes its v1.x form.
class Rewriter {
 public:
  Rewriter(std::string_view expression, std::string& out) : in_(expression), out_(out) {}

  // False if something has no counterpart.
  bool Run() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"' || c == '\'') {
        CopyQuoted();
      } else if (IsNameChar(c)) {
        if (!Name()) return false;
      } else {
        out_ += c;
        ++at_;
      }
    }
    return true;
  }

 private:
  // A text of the expression. In a double-quoted YAML scalar its quotes are written \", its
  // backslashes \\.
  void CopyQuoted() {
    const char quote = in_[at_];
    const bool in_quotes = at_ > 0 && in_[at_ - 1] == '\\';
    out_ += in_[at_++];
    while (at_ < in_.size()) {
      if (!in_quotes && in_[at_] == quote) break;
      if (in_quotes && in_[at_] == '\\' && at_ + 1 < in_.size() && in_[at_ + 1] == quote) {
        out_ += in_[at_++];
        break;
      }
      if (in_[at_] == '\\' && at_ + 1 < in_.size()) out_ += in_[at_++];
      out_ += in_[at_++];
    }
    if (at_ < in_.size()) out_ += in_[at_++];
  }

  std::string_view TakeName() {
    const std::size_t begin = at_;
    while (at_ < in_.size() && IsNameChar(in_[at_])) ++at_;
    return in_.substr(begin, at_ - begin);
  }

  bool Take(std::string_view word) {
    if (in_.substr(at_, word.size()) != word) return false;
    const std::size_t end = at_ + word.size();
    if (end < in_.size() && IsNameChar(word.back()) && IsNameChar(in_[end])) return false;
    at_ = end;
    return true;
  }

  // Skips `[…]` or `.name` that picked a container; false if there is neither.
  bool SkipContainer() {
    if (at_ < in_.size() && in_[at_] == '[') return SkipBrackets('[', ']');
    if (at_ + 1 < in_.size() && in_[at_] == '.' && IsNameChar(in_[at_ + 1])) {
      ++at_;
      TakeName();
      return true;
    }
    return false;
  }

  bool SkipBrackets(char open, char close) {
    int depth = 0;
    for (; at_ < in_.size(); ++at_) {
      if (in_[at_] == open) ++depth;
      if (in_[at_] == close && --depth == 0) {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool Name() {
    const bool member = at_ > 0 && in_[at_ - 1] == '.';
    const std::string_view name = TakeName();
    if (member) {
      out_ += name;
      return true;
    }
    if (name == "envOverrides") {
      out_ += "environmentConfigs";
      return true;
    }
    out_ += name;
    if (name == "workload" && Take(".containers")) {
      out_ += ".container";
      return SkipContainer();
    }
    if (name == "configurations") return Configurations();
    if (name == "dataplane") return DataPlane();
    return true;
  }

  bool Configurations() {
    for (const std::string_view helper : {".toContainerEnvFrom", ".toContainerVolumeMounts"}) {
      if (Take(helper)) {
        out_ += helper;
        out_ += "()";
        return at_ < in_.size() && in_[at_] == '(' && SkipBrackets('(', ')');
      }
    }
    if (in_.substr(at_, 3) == ".to") return true;  // the helpers without argument
    return SkipContainer();
  }

  bool DataPlane() {
    if (Take(".publicVirtualHost")) {
      out_.resize(out_.size() - std::string_view("dataplane").size());
      out_ += "gateway.ingress.external.http.host";
      return true;
    }
    return !Take(".organizationVirtualHost") && !Take(".observabilityPlaneRef");
  }

  std::string_view in_;
  std::string& out_;
  std::size_t at_ = 0;
};

}  // namespace

ExpressionRewrite RewriteExpressions(std::string_view text) {
  ExpressionRewrite result;
  while (!text.empty()) {
    const std::size_t begin = text.find("${");
    result.text += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    std::size_t end = 2;
    for (int depth = 1; end < text.size() && depth > 0; ++end)
      depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
    const std::string_view expression = text.substr(0, end);
    if (!Rewriter(expression, result.text).Run()) {
      result.prevented = expression;
      return result;
    }
    text.remove_prefix(end);
  }
  return result;
}

}  // namespace openchoreo::migrate
