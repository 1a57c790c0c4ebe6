#include "common/release/go_struct.h"

#include <charconv>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::release {
namespace {

using value::Value;

void AddTypeName(const GoType& type, DumpText& out) {
  switch (type.form) {
    case GoForm::kPointer:
      out.Add("*");
      return AddTypeName(*type.element, out);
    case GoForm::kSlice:
      out.Add("[]");
      return AddTypeName(*type.element, out);
    case GoForm::kMap:
      out.Add("map[string]");
      return AddTypeName(*type.element, out);
    default:
      out.Add(type.name);
  }
}

void AddInt(std::int64_t number, DumpText& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.Add({digits, static_cast<std::size_t>(end - digits)});
}

// Bytes as spew prints a []uint8: decimal, separated by spaces. Most of a dump is this.
void AddBytes(std::string_view bytes, DumpText& out) {
  char buffer[512];
  std::size_t used = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (used + 4 > sizeof(buffer)) {
      out.Add({buffer, used});
      used = 0;
    }
    if (i > 0) buffer[used++] = ' ';
    const unsigned byte = static_cast<unsigned char>(bytes[i]);
    if (byte >= 100) buffer[used++] = static_cast<char>('0' + byte / 100);
    if (byte >= 10) buffer[used++] = static_cast<char>('0' + byte / 10 % 10);
    buffer[used++] = static_cast<char>('0' + byte % 10);
  }
  out.Add({buffer, used});
}

void DumpBare(const GoType& type, const Value& value, DumpText& out);

void DumpRaw(const Value& value, DumpText& out) {
  if (value.is_null()) return out.Add("{Raw:([]uint8)<nil> Object:(runtime.Object)<nil>}");
  std::string json;
  value::AppendJson(json, value, value::HtmlEscape::kOn);
  out.Add("{Raw:([]uint8)[");
  AddBytes(json, out);
  out.Add("] Object:(runtime.Object)<nil>}");
}

void DumpStruct(const GoType& type, const Value& value, DumpText& out) {
  out.Add("{");
  bool first = true;
  for (const GoField& field : type.fields) {
    if (!first) out.Add(" ");
    first = false;
    out.Add(field.name);
    out.Add(":");
    Dump(*field.type, field.key.empty() ? value : value.Get(field.key), out);
  }
  out.Add("}");
}

// Without the type, as an element of a typed container stands.
void DumpBare(const GoType& type, const Value& value, DumpText& out) {
  switch (type.form) {
    case GoForm::kString:
      return out.Add(value.string_or_empty());
    case GoForm::kInt32:
      if (value.is_int()) return AddInt(value.as_int(), out);
      if (value.is_double()) return AddInt(static_cast<std::int64_t>(value.as_double()), out);
      return out.Add("0");
    case GoForm::kBool:
      return out.Add(value.is_bool() && value.as_bool() ? "true" : "false");
    case GoForm::kRaw:
      return DumpRaw(value, out);
    case GoForm::kStruct:
      return DumpStruct(type, value, out);
    case GoForm::kPointer:
      if (value.is_null()) return out.Add("<nil>");
      return DumpBare(*type.element, value, out);
    case GoForm::kSlice: {
      if (!value.is_list()) return out.Add("<nil>");
      out.Add("[");
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out.Add(" ");
        first = false;
        DumpBare(*type.element, item, out);
      }
      return out.Add("]");
    }
    case GoForm::kMap: {
      if (!value.is_map()) return out.Add("<nil>");
      out.Add("map[");
      bool first = true;
      for (const value::MapEntry& entry : value.as_map()) {
        if (!first) out.Add(" ");
        first = false;
        out.Add(entry.key.as_string());
        out.Add(":");
        DumpBare(*type.element, entry.value, out);
      }
      return out.Add("]");
    }
  }
}

}  // namespace

void Dump(const GoType& type, const Value& value, DumpText& out) {
  out.Add("(");
  AddTypeName(type, out);
  out.Add(")");
  DumpBare(type, value, out);
}

}  // namespace openchoreo::release
