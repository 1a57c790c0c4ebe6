#include "common/value/value.h"

#include <cstring>
#include <string>

#include "common/base/byte_words.h"
#include "common/base/json_pointer.h"

namespace openchoreo::value {

namespace {

template <typename Word>
bool SameEnds(const char* a, const char* b, std::size_t size) {
  const std::size_t last = size - sizeof(Word);
  return base::WordAt<Word>(a + last) == base::WordAt<Word>(b + last) &&
         base::WordAt<Word>(a) == base::WordAt<Word>(b);
}

// Whether two texts of one size are the same. Keys are short, and those of one map often begin
// alike: most are compared by two words that overlap.
inline bool SameText(const char* a, const char* b, std::size_t size) {
  if (size > 16) return a[size - 1] == b[size - 1] && std::memcmp(a, b, size) == 0;
  if (size >= 8) return SameEnds<std::uint64_t>(a, b, size);
  if (size >= 4) return SameEnds<std::uint32_t>(a, b, size);
  if (size >= 2) return SameEnds<std::uint16_t>(a, b, size);
  return size == 0 || *a == *b;
}

}  // namespace

const Value* Value::Find(std::string_view key) const {
  if (kind_ != Kind::kMap) return nullptr;
  const std::span<const MapEntry> entries = as_map();
  // A search by halves compares texts in full, which costs more than passing over a few.
  constexpr std::size_t kScanned = 24;
  if (entries.size() <= kScanned || (flags_ & kMixedKeys)) {
    for (const MapEntry& entry : entries) {
      const Value& candidate = entry.key;  // most differ in size already
      if (candidate.size_ == key.size() && candidate.is_string() &&
          SameText(candidate.as_string().data(), key.data(), key.size())) {
        return &entry.value;
      }
    }
    return nullptr;
  }
  std::size_t low = 0;
  std::size_t high = entries.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = entries[middle].key.as_string().compare(key);
    if (order == 0) return &entries[middle].value;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return nullptr;
}

namespace {

double ToDouble(const Value& v) {
  if (v.kind() == Kind::kInt) return static_cast<double>(v.as_int());
  if (v.kind() == Kind::kUint) return static_cast<double>(v.as_uint());
  return v.as_double();
}

bool NumbersEqual(const Value& a, const Value& b) {
  if (a.kind() == b.kind() && !a.is_double()) return a.as_int() == b.as_int();
  if (a.kind() == Kind::kInt && b.kind() == Kind::kUint)
    return a.as_int() >= 0 && a.as_uint() == b.as_uint();
  if (a.kind() == Kind::kUint && b.kind() == Kind::kInt) return NumbersEqual(b, a);
  return ToDouble(a) == ToDouble(b);
}

}  // namespace

bool JsonEquals(const Value& a, const Value& b, base::Budget& budget) {
  if (a.is_number() && b.is_number()) return NumbersEqual(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull:
    case Kind::kOmit:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return a.size() == b.size() && budget.SpendText(a.size()) && a.as_string() == b.as_string();
    case Kind::kTimestamp:
      return a.timestamp_seconds() == b.timestamp_seconds() &&
             a.timestamp_nanos() == b.timestamp_nanos();
    case Kind::kDuration:
      return a.duration_nanoseconds() == b.duration_nanoseconds();
    case Kind::kOptional: {
      const Value* x = a.optional_value();
      const Value* y = b.optional_value();
      const base::Level level(budget);
      if (!level || !budget.Spend(1)) return false;
      return x && y ? JsonEquals(*x, *y, budget) : x == y;
    }
    case Kind::kList: {
      const auto x = a.as_list();
      const auto y = b.as_list();
      if (x.size() != y.size()) return false;
      const base::Level level(budget);
      if (!level || !budget.Spend(1 + x.size())) return false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!JsonEquals(x[i], y[i], budget)) return false;
      }
      return true;
    }
    case Kind::kMap: {
      const auto x = a.as_map();
      const auto y = b.as_map();
      if (x.size() != y.size()) return false;
      const base::Level level(budget);
      if (!level || !budget.Spend(1 + x.size())) return false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!JsonEquals(x[i].key, y[i].key, budget) ||
            !JsonEquals(x[i].value, y[i].value, budget)) {
          return false;
        }
      }
      return true;
    }
    default:
      return false;
  }
}

const Value* FindAtPointer(const Value& root, std::string_view pointer) {
  const Value* node = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // '/'
    const std::size_t slash = pointer.find('/');
    const std::string_view raw = pointer.substr(0, slash);
    pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    if (node->is_list()) {
      std::size_t index = 0;
      if (raw.empty()) return nullptr;
      for (char c : raw) {
        if (c < '0' || c > '9' || index > node->size()) return nullptr;
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      if (index >= node->size()) return nullptr;
      node = &node->as_list()[index];
      continue;
    }
    node = node->Find(base::PointerText(raw));
    if (!node) return nullptr;
  }
  return node;
}

const char* GoTypeName(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "<nil>";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return value.is_cel_null() ? "structpb.NullValue" : "int64";
    case Kind::kUint:
      return "uint64";
    case Kind::kDouble:
      return "float64";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "[]uint8";
    case Kind::kList:
      if (value.flags() & Value::kGoStrings) return "[]string";
      return value.flags() & Value::kGoReferences ? "[]ref.Val" : "[]interface {}";
    case Kind::kMap:
      if (value.flags() & Value::kGoError) return "*errors.errorString";
      return value.flags() & Value::kGoReferences ? "map[ref.Val]ref.Val"
                                                  : "map[string]interface {}";
    case Kind::kTimestamp:
      return "time.Time";
    case Kind::kDuration:
      return "time.Duration";
    case Kind::kType:
      return "string";
    case Kind::kOptional:
      return "*types.Optional";
    case Kind::kOmit:
      return "*template.omitValue";
    case Kind::kError:
      return "error";
  }
  return "<nil>";
}

}  // namespace openchoreo::value
