// A reader of .proto files (proto2, proto3, editions) that goes as deep as routes need: every
// statement is parsed, every type of a field or method must be defined in the file or in an
// imported well-known file; values of options are skipped. Upstream compiles the file with
// protocompile and takes nothing if that fails.
#include <array>
#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/pipeline/endpoint_resources.h"

namespace openchoreo::pipeline {

namespace {

constexpr std::size_t kMaxDepth = 100;

enum class TokenKind { kEnd, kIdentifier, kNumber, kString, kSymbol, kBad };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
};

bool IsWordStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : rest_(source) {}

  Token Next() {
    if (!SkipSpace()) return {TokenKind::kBad, {}};
    if (rest_.empty()) return {};
    const char c = rest_[0];
    std::size_t size = 1;
    if (IsWordStart(c)) {
      while (size < rest_.size() && IsWord(rest_[size])) ++size;
      return Take(TokenKind::kIdentifier, size);
    }
    if (std::isdigit(static_cast<unsigned char>(c))) {
      while (size < rest_.size() && (IsWord(rest_[size]) || rest_[size] == '.')) ++size;
      return Take(TokenKind::kNumber, size);
    }
    if (c == '"' || c == '\'') {
      while (size < rest_.size() && rest_[size] != c) {
        if (rest_[size] == '\n') return {TokenKind::kBad, {}};
        size += rest_[size] == '\\' ? 2 : 1;
      }
      if (size >= rest_.size()) return {TokenKind::kBad, {}};
      return Take(TokenKind::kString, size + 1);
    }
    return Take(TokenKind::kSymbol, 1);
  }

 private:
  Token Take(TokenKind kind, std::size_t size) {
    const Token token{kind, rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return token;
  }

  // White space and comments; false if a comment does not end.
  bool SkipSpace() {
    for (;;) {
      while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0])))
        rest_.remove_prefix(1);
      if (rest_.starts_with("//")) {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const std::size_t end = rest_.find("*/", 2);
        if (end == std::string_view::npos) return false;
        rest_.remove_prefix(end + 2);
      } else {
        return true;
      }
    }
  }

  std::string_view rest_;
};

// The types of the files protocompile brings itself, by import path.
struct WellKnownFile {
  std::string_view path;
  std::vector<std::string_view> messages;
};

const std::vector<WellKnownFile>& WellKnownFiles() {
  static const std::vector<WellKnownFile> kFiles = {
      {"google/protobuf/any.proto", {"Any"}},
      {"google/protobuf/api.proto", {"Api", "Method", "Mixin"}},
      {"google/protobuf/compiler/plugin.proto", {}},
      {"google/protobuf/cpp_features.proto", {}},
      {"google/protobuf/descriptor.proto",
       {"FileDescriptorSet", "FileDescriptorProto", "DescriptorProto", "FieldDescriptorProto",
        "FileOptions", "MessageOptions", "FieldOptions", "OneofOptions", "EnumOptions",
        "EnumValueOptions", "ServiceOptions", "MethodOptions", "UninterpretedOption",
        "SourceCodeInfo", "FeatureSet"}},
      {"google/protobuf/duration.proto", {"Duration"}},
      {"google/protobuf/empty.proto", {"Empty"}},
      {"google/protobuf/field_mask.proto", {"FieldMask"}},
      {"google/protobuf/go_features.proto", {}},
      {"google/protobuf/java_features.proto", {}},
      {"google/protobuf/source_context.proto", {"SourceContext"}},
      {"google/protobuf/struct.proto", {"Struct", "Value", "ListValue", "NullValue"}},
      {"google/protobuf/timestamp.proto", {"Timestamp"}},
      {"google/protobuf/type.proto", {"Type", "Field", "Enum", "EnumValue", "Option", "Syntax"}},
      {"google/protobuf/wrappers.proto",
       {"DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value",
        "BoolValue", "StringValue", "BytesValue"}},
  };
  return kFiles;
}

bool IsScalar(std::string_view type) {
  static constexpr std::array<std::string_view, 15> kScalars = {
      "double",  "float",   "int32",    "int64",    "uint32", "uint64", "sint32", "sint64",
      "fixed32", "fixed64", "sfixed32", "sfixed64", "bool",   "string", "bytes"};
  for (std::string_view scalar : kScalars) {
    if (type == scalar) return true;
  }
  return false;
}

class ProtoFile {
 public:
  explicit ProtoFile(std::string_view source) : lexer_(source) { Advance(); }

  std::optional<std::vector<Route>> Read() {
    while (token_.kind != TokenKind::kEnd) {
      if (!FileStatement()) return std::nullopt;
    }
    for (const auto& [scope, type] : uses_) {
      if (!Resolves(scope, type)) return std::nullopt;
    }
    return std::move(routes_);
  }

 private:
  void Advance() { token_ = lexer_.Next(); }

  bool Is(std::string_view text) const {
    return token_.text == text && token_.kind != TokenKind::kString;
  }

  bool Accept(std::string_view text) {
    if (!Is(text)) return false;
    Advance();
    return true;
  }

  bool AcceptKind(TokenKind kind) {
    if (token_.kind != kind) return false;
    Advance();
    return true;
  }

  bool Identifier(std::string& name) {
    name = token_.text;
    return AcceptKind(TokenKind::kIdentifier);
  }

  // a.b.c, with a leading dot for fully-qualified ones.
  bool TypeName(std::string& name) {
    name.clear();
    if (Accept(".")) name = ".";
    for (;;) {
      std::string part;
      if (!Identifier(part)) return false;
      name += part;
      if (!Accept(".")) return true;
      name += '.';
    }
  }

  // Up to and with `end`, over balanced brackets.
  bool SkipTo(std::string_view end) {
    std::vector<char> open;
    while (token_.kind != TokenKind::kEnd && token_.kind != TokenKind::kBad) {
      if (open.empty() && Is(end)) {
        Advance();
        return true;
      }
      if (token_.kind == TokenKind::kSymbol) {
        const char c = token_.text[0];
        if (c == '{' || c == '[' || c == '(') open.push_back(c == '{' ? '}' : c == '[' ? ']' : ')');
        if (c == '}' || c == ']' || c == ')') {
          if (open.empty() || open.back() != c) return false;
          open.pop_back();
        }
        if (open.size() > kMaxDepth) return false;
      }
      Advance();
    }
    return false;
  }

  static std::string Join(const std::string& scope, const std::string& name) {
    return scope.empty() ? name : scope + "." + name;
  }

  bool Define(const std::string& full_name) { return types_.insert(full_name).second; }

  bool FileStatement() {
    if (Accept(";")) return true;
    if (Accept("syntax") || Accept("edition")) {
      return Accept("=") && AcceptKind(TokenKind::kString) && Accept(";");
    }
    if (Accept("package")) return package_.empty() && TypeName(package_) && Accept(";");
    if (Accept("import")) return Import();
    if (Accept("option")) return SkipTo(";");
    if (Accept("message")) return Message(package_, 0);
    if (Accept("enum")) return Enum(package_);
    if (Accept("extend")) return Extend(package_, 0);
    if (Accept("service")) return Service();
    return false;
  }

  bool Import() {
    if (!Accept("public")) Accept("weak");
    if (token_.kind != TokenKind::kString || token_.text.size() < 2) return false;
    const std::string_view path = token_.text.substr(1, token_.text.size() - 2);
    Advance();
    for (const WellKnownFile& file : WellKnownFiles()) {
      if (file.path != path) continue;
      for (std::string_view message : file.messages)
        types_.insert("google.protobuf." + std::string(message));
      return Accept(";");
    }
    return false;  // a file of its own cannot see others
  }

  bool Message(const std::string& scope, std::size_t depth) {
    std::string name;
    if (depth > kMaxDepth || !Identifier(name) || !Define(Join(scope, name))) return false;
    return Accept("{") && MessageBody(Join(scope, name), depth);
  }

  bool MessageBody(const std::string& scope, std::size_t depth) {
    while (!Accept("}")) {
      if (!MessageStatement(scope, depth)) return false;
    }
    return true;
  }

  bool MessageStatement(const std::string& scope, std::size_t depth) {
    if (Accept(";")) return true;
    // A field may be named by a keyword's type only in theory; the keyword reading wins, as in
    // protoc.
    if (Accept("message")) return Message(scope, depth + 1);
    if (Accept("enum")) return Enum(scope);
    if (Accept("extend")) return Extend(scope, depth + 1);
    if (Accept("option") || Accept("extensions") || Accept("reserved")) return SkipTo(";");
    if (Accept("oneof")) return OneOf(scope, depth);
    return Field(scope, depth);
  }

  bool OneOf(const std::string& scope, std::size_t depth) {
    std::string name;
    if (!Identifier(name) || !Accept("{")) return false;
    while (!Accept("}")) {
      if (Accept(";")) continue;
      if (Accept("option")) {
        if (!SkipTo(";")) return false;
        continue;
      }
      if (!Field(scope, depth)) return false;
    }
    return true;
  }

  bool FieldTail() {
    if (!Accept("=") || !AcceptKind(TokenKind::kNumber)) return false;
    if (Accept("[") && !SkipTo("]")) return false;
    return true;
  }

  bool Field(const std::string& scope, std::size_t depth) {
    if (!Accept("repeated") && !Accept("optional")) Accept("required");
    std::string type, name;
    if (Accept("group")) {
      if (!Identifier(name) || !Define(Join(scope, name)) || !FieldTail()) return false;
      return depth < kMaxDepth && Accept("{") && MessageBody(Join(scope, name), depth + 1);
    }
    if (!TypeName(type)) return false;
    if (type == "map" && Accept("<")) {
      std::string key;
      if (!Identifier(key) || !IsScalar(key) || !Accept(",") || !TypeName(type) || !Accept(">"))
        return false;
    }
    if (!IsScalar(type)) uses_.emplace_back(scope, type);
    return Identifier(name) && FieldTail() && Accept(";");
  }

  bool Enum(const std::string& scope) {
    std::string name;
    if (!Identifier(name) || !Define(Join(scope, name)) || !Accept("{")) return false;
    while (!Accept("}")) {
      if (Accept(";")) continue;
      if (Accept("option") || Accept("reserved")) {
        if (!SkipTo(";")) return false;
        continue;
      }
      if (!Identifier(name) || !Accept("=")) return false;
      Accept("-");
      if (!AcceptKind(TokenKind::kNumber)) return false;
      if (Accept("[") && !SkipTo("]")) return false;
      if (!Accept(";")) return false;
    }
    return true;
  }

  bool Extend(const std::string& scope, std::size_t depth) {
    std::string type;
    if (!TypeName(type) || !Accept("{")) return false;
    uses_.emplace_back(scope, type);
    while (!Accept("}")) {
      if (Accept(";")) continue;
      if (!Field(scope, depth)) return false;
    }
    return true;
  }

  bool Service() {
    std::string name;
    if (!Identifier(name) || !Define(Join(package_, name)) || !Accept("{")) return false;
    const std::string service = Join(package_, name);
    std::set<std::string> methods;
    while (!Accept("}")) {
      if (Accept(";")) continue;
      if (Accept("option")) {
        if (!SkipTo(";")) return false;
        continue;
      }
      std::string method;
      if (!Accept("rpc") || !Identifier(method) || !methods.insert(method).second) return false;
      if (!MethodType() || !Accept("returns") || !MethodType()) return false;
      if (Accept("{") ? !SkipTo("}") : !Accept(";")) return false;
      routes_.push_back({"gRPC", service, method, ""});
    }
    return true;
  }

  // "(stream Type)"; a type may itself be called stream.
  bool MethodType() {
    std::string type;
    if (!Accept("(") || !TypeName(type)) return false;
    if (type == "stream" && !Is(")") && !TypeName(type)) return false;
    uses_.emplace_back(package_, type);
    return Accept(")");
  }

  // Looks from the innermost scope outwards, as protobuf does.
  bool Resolves(const std::string& scope, const std::string& type) const {
    if (type.starts_with(".")) return types_.contains(type.substr(1));
    std::string at = scope;
    for (;;) {
      if (types_.contains(Join(at, type))) return true;
      if (at.empty()) return false;
      const std::size_t dot = at.rfind('.');
      at.resize(dot == std::string::npos ? 0 : dot);
    }
  }

  Lexer lexer_;
  Token token_;
  std::string package_;
  std::set<std::string> types_;
  std::vector<std::pair<std::string, std::string>> uses_;  // scope, type name
  std::vector<Route> routes_;
};

}  // namespace

std::optional<std::vector<Route>> ProtoRoutes(std::string_view source) {
  return ProtoFile(source).Read();
}

}  // namespace openchoreo::pipeline
