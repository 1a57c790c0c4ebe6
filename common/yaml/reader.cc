#include "common/yaml/reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "common/base/utf8.h"
#include "common/value/json_reader.h"
#include "common/yaml/block_reader.h"
#include "common/yaml/document_builder.h"
#include "common/yaml/document_ranges.h"
#include "common/yaml/error_words.h"

namespace openchoreo::yaml {

namespace {

using base::ErrorCode;

base::Diagnostic TextError(ErrorCode code, std::string message) {
  base::Diagnostic error;
  error.code = code;
  error.message = std::move(message);
  error.place.byte_offset = 0;
  return error;
}

// Of one file; each costs a parser.
constexpr std::size_t kMaxDocuments = base::kLimits.max_documents;

bool IsDuplicateKey(const base::Diagnostic& error) { return error.place.text_end != 0; }

// JSON is nearly YAML: an escaped surrogate pair is not. As with kubectl, a document that begins
// with a brace may be JSON. A key found twice stays an error.
std::optional<value::Value> ReadAsJson(std::string_view document,
                                       const base::Diagnostic& yaml_error, base::Arena& arena,
                                       const base::RenderLimits& limits) {
  const std::size_t first = document.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || document[first] != '{') return std::nullopt;
  if (yaml_error.code != ErrorCode::kYamlSyntax || IsDuplicateKey(yaml_error)) return std::nullopt;
  base::Result<value::Value> json = value::ReadJson(document, arena, limits);
  return json ? std::optional<value::Value>(*json) : std::nullopt;
}

std::string LineAndColumn(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ", column " +
         std::to_string(base::CountRunes(before.substr(line_begin)) + 1);
}

}  // namespace

ReadResult Read(std::string_view text, base::Arena& arena, const base::RenderLimits& limits) {
  ReadResult result;
  if (text.size() > limits.max_file_bytes ||
      text.size() > std::numeric_limits<std::uint32_t>::max()) {
    result.errors.push_back(TextError(
        ErrorCode::kYamlLimit, "larger than " + std::to_string(limits.max_file_bytes) + " bytes"));
    return result;
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    result.errors.push_back(TextError(ErrorCode::kYamlSyntax, "UTF-16 text; only UTF-8 is read"));
    return result;
  }
  std::vector<DocumentRange> ranges;
  if (!CollectDocuments(text, kMaxDocuments, ranges)) {
    result.errors.push_back(TextError(ErrorCode::kYamlLimit,
                                      "more than " + std::to_string(kMaxDocuments) + " documents"));
    return result;
  }
  result.documents.reserve(ranges.size());
  BlockReader block_reader(arena, limits);
  std::optional<DocumentBuilder> builder;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const std::string_view document = text.substr(ranges[i].begin, ranges[i].end - ranges[i].begin);
    if (const std::optional<value::Value> root = block_reader.Read(document)) {
      result.documents.push_back({*root, index});
      continue;
    }
    if (!builder) builder.emplace(arena, limits);
    base::Result<value::Value> root = builder->Build(document);
    if (root) {
      result.documents.push_back({*root, index});
      continue;
    }
    base::Diagnostic error = std::move(root).error();
    if (const std::optional<value::Value> json = ReadAsJson(document, error, arena, limits)) {
      result.documents.push_back({*json, index});
      continue;
    }
    PutInWords(document, error);
    error.place.document = index;
    error.place.byte_offset += static_cast<std::int64_t>(ranges[i].begin);
    if (IsDuplicateKey(error)) {
      error.notes.push_back("first set at " +
                            LineAndColumn(text, ranges[i].begin + error.place.text_begin));
      error.place.text_begin = error.place.text_end = 0;
    }
    result.errors.push_back(std::move(error));
  }
  return result;
}

}  // namespace openchoreo::yaml
