// Every family of functions, on values its file gives special care.
#include <gtest/gtest.h>

#include "common/cel/evaluation_testing.h"

namespace openchoreo::cel {
namespace {

struct Case {
  const char* expression;
  const char* want;
};

template <std::size_t N>
void ExpectAll(const Case (&cases)[N]) {
  for (const Case& c : cases) EXPECT_EQ(EvaluateToText(c.expression), c.want) << c.expression;
}

TEST(FunctionsTest, Strings) {
  ExpectAll({
      {"'héllo'.size()", "5"},
      {"'héllo'.charAt(1)", "\"é\""},
      {"'abc'.charAt(3)", "\"\""},
      {"'abc'.charAt(4)", "error: index out of range: 4"},
      {"'héllo'.indexOf('l')", "2"},
      {"'héllo'.indexOf('l', 3)", "3"},
      {"'héllo'.indexOf('', 9)", "5"},
      {"'héllo'.indexOf('l', 9)", "-1"},
      {"'héllo'.lastIndexOf('l')", "3"},
      {"'héllo'.lastIndexOf('l', 2)", "2"},
      {"'abc'.lastIndexOf('', 1)", "1"},
      {"'abc'.indexOf('a', -1)", "error: index out of range: -1"},
      {"'ABCé'.lowerAscii() + 'abcé'.upperAscii()", "\"abcéABCé\""},
      {"'banana'.replace('a', 'o', 2)", "\"bonona\""},
      {"'héy'.replace('', '-')", "\"-h-é-y-\""},
      {"'a,b,c'.split(',')", "[\"a\", \"b\", \"c\"]"},
      {"'a,b,c'.split(',', 2)", "[\"a\", \"b,c\"]"},
      {"'hé'.split('')", "[\"h\", \"é\"]"},
      {"''.split(',')", "[\"\"]"},
      {"'a'.split(',', 0)", "[]"},
      {"'héllo'.substring(1, 3)", "\"él\""},
      {"'abc'.substring(3)", "\"\""},
      {"'abc'.substring(2, 1)", "error: invalid substring range. start: 2, end: 1"},
      {"' \\u00a0x\\t\\u2003'.trim()", "\"x\""},
      {"'abé'.reverse()", "\"éba\""},
      {"strings.quote('a\"b\\n')", "\"\\\"a\\\\\\\"b\\\\n\\\"\""},
      {"['a', 'b'].join('-')", "\"a-b\""},
      {"dyn([1]).join()", "error: no such overload: join(list)"},
      {"''.contains('') && 'a'.contains('')", "true"},
      {"'abc'.matches('^a.c$')", "true"},
      {"'ab'.matches('(?<x>a)b')", "true"},
      {"'a'.matches('(')", "error: error parsing regexp: missing closing ): `(`"},
  });
}

TEST(FunctionsTest, Conversions) {
  ExpectAll({
      {"string(1e6) + ' ' + string(100000.0) + ' ' + string(1e-5)", "\"1e+06 100000 1e-05\""},
      {"int('+5') + int('-6')", "-1"},
      {"int('1_0')", "error: type conversion error from 'string' to 'int'"},
      {"double('1_0.5') + double('0x1p4')", "26.5"},
      {"double('_1')", "error: type conversion error from 'string' to 'double'"},
      {"int(9.9) + int(-9.9)", "0"},
      {"int(1e19)", "error: integer overflow"},
      {"uint(-1)", "error: unsigned integer overflow"},
      {"bool('T') && !bool('False')", "true"},
      {"bool('yes')", "error: type conversion error from 'string' to 'bool'"},
      {"string(b'\\xff')", "error: invalid UTF-8 in bytes, cannot convert to string"},
      {"string(duration('1h30m'))", "\"5400s\""},
      {"string(timestamp('2023-01-02T03:04:05+05:30'))", "\"2023-01-02T03:04:05+05:30\""},
      {"timestamp('2023-1-2')", "error: invalid RFC 3339 timestamp \"2023-1-2\""},
      {"timestamp('2023-02-30T00:00:00Z')",
       "error: type conversion error from 'string' to 'google.protobuf.Timestamp'"},
      {"duration('1d')",
       "error: type conversion error from 'string' to 'google.protobuf.Duration'"},
      {"type(1) == int && type(type(1)) == type", "true"},
      {"int('a', 1)",
       "compile: ERROR: <input>:1:4: found no matching overload for 'int' applied to '(string, "
       "int)'"},
  });
}

TEST(FunctionsTest, Format) {
  ExpectAll({
      {"'%s|%s|%s'.format([1, 'x', null])", "\"1|x|null\""},
      {"'%s'.format([{'b': [1.0, true], 'a': 1e21}])",
       "\"{a: 1000000000000000000000, b: [1, true]}\""},
      {"'%d %.2f %e'.format([7, 2.0/3.0, 1234.5])", "\"7 0.67 1.234500e+03\""},
      {"'%x %X %o %b %%'.format([255, 'hi', 8, 5])", "\"ff 6869 10 101 %\""},
      {"'%s'.format([dyn(optional.none())])",
       "error: error during formatting: string clause can only be used on strings, bools, bytes, "
       "ints, doubles, "
       "maps, lists, types, durations, and timestamps, was given optional_type"},
      {"'%d'.format(['x'])",
       "compile: ERROR: <input>:1:14: error during formatting: decimal clause can only be used on "
       "ints, uints, and "
       "doubles, was given string"},
      {"'%s'.format([1, 2])",
       "compile: ERROR: <input>:1:12: too many arguments supplied to string.format (expected 1, "
       "got 2)"},
      {"'%z'.format([dyn(1)])",
       "compile: ERROR: <input>:1:12: could not parse formatting clause: unrecognized formatting "
       "clause \"z\""},
  });
}

TEST(FunctionsTest, Time) {
  ExpectAll({
      {"timestamp('2024-02-29T23:59:58.75Z').getMilliseconds()", "750"},
      {"timestamp('2024-02-29T23:59:58Z').getDayOfYear()", "59"},
      {"timestamp('2024-02-29T23:59:58Z').getDate('Asia/Tokyo')", "1"},
      {"timestamp('2024-02-29T23:59:58Z').getHours('-03:30')", "20"},
      {"timestamp('2024-02-29T23:59:58Z').getHours('Nowhere/Land')",
       "error: unknown time zone Nowhere/Land"},
      {"timestamp(0).getHours('localtime')", "error: unknown time zone localtime"},
      {"timestamp(0).getHours('../../etc/passwd')", "error: time: invalid location name"},
      {"timestamp(0).getHours('/UTC')", "error: time: invalid location name"},
      {"timestamp(0).getHours('+99:99')", "4"},
      {"timestamp(0).getHours('\\u00a0:00')",
       "error: strconv.Atoi: parsing \"\\u00a0\": invalid syntax"},
      {"timestamp(0).getHours('1:99999999999999999999')",
       "error: strconv.Atoi: parsing \"99999999999999999999\": value out of range"},
      {"timestamp(0).getDate('-48:30')", "29"},
      {"timestamp('\\u2028')", "error: invalid RFC 3339 timestamp \"\\u2028\""},
      {"timestamp('2024-03-03T00:00:00Z').getDayOfWeek()", "0"},
      {"timestamp('9999-12-31T23:59:59Z') + duration('1s')", "error: timestamp overflow"},
      {"timestamp(100) - timestamp(40)", "1m0s"},
      {"duration('90.5s').getMinutes()", "1"},
      {"duration('1.5s').getMilliseconds()", "1500"},
  });
}

TEST(FunctionsTest, ListsAndSets) {
  ExpectAll({
      {"[1, 2, 3].slice(1, 3)", "[2, 3]"},
      {"[1].slice(0, 2)", "error: cannot slice(0, 2), list is length 1"},
      {"[[1], [2, [3]]].flatten()", "[1, 2, [3]]"},
      {"[[1], [2, [3]]].flatten(2)", "[1, 2, 3]"},
      {"[3, 1, 2].sort()", "[1, 2, 3]"},
      {"dyn([1, 'a']).sort()", "error: list elements must have the same type"},
      {"dyn([null]).sort()", "error: list elements must be comparable"},
      {"[1, 2, dyn(1.0), 'a', 'a'].distinct()", "[1, 2, \"a\"]"},
      {"[1, 2].reverse()", "[2, 1]"},
      {"lists.range(3)", "[0, 1, 2]"},
      {"lists.range(1000001)",
       "error: lists.range: size 1000001 exceeds maximum allowed (1000000)"},
      {"sets.contains([1, 2], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])",
       "true"},
      {"[1].first().value() + [].last().orValue(2)", "3"},
      {"[optional.of(1), optional.none()].unwrapOpt()", "[1]"},
  });
}

TEST(FunctionsTest, Math) {
  ExpectAll({
      {"math.greatest(1, 3, 2) + math.least([4, 5])", "7"},
      {"math.greatest(dyn(1), 2.5)", "2.5"},
      {"math.greatest('a')",
       "compile: ERROR: <input>:1:15: math.greatest() invalid single argument value"},
      {"math.round(2.5) + math.ceil(1.1) + math.floor(-1.1)", "3.0"},
      {"math.bitShiftRight(-1, 60)", "15"},
      {"math.bitShiftLeft(1, 64)", "0"},
      {"math.bitShiftLeft(1, -1)", "error: math.bitShiftLeft() negative offset: -1"},
      {"math.abs(-9223372036854775808)", "error: integer overflow"},
      {"math.sqrt(16)", "4.0"},
      {"math.sign(-2.5)", "-1.0"},
  });
}

TEST(FunctionsTest, Encoders) {
  ExpectAll({
      {"base64.encode(b'hello')", "\"aGVsbG8=\""},
      {"string(base64.decode('aGVsbG8='))", "\"hello\""},
      {"string(base64.decode('aGVsbG8'))", "\"hello\""},
      {"base64.decode('a*')", "error: illegal base64 data at input byte 1"},
      {"json.encode({'b': [1, 2.5, null], 'a': '<x>'})",
       "\"{\\\"a\\\":\\\"\\\\u003cx\\\\u003e\\\",\\\"b\\\":[1,2.5,null]}\""},
      {"json.encode(9007199254740993)", "\"\\\"9007199254740993\\\"\""},
      {"json.encode({1: 2})", "error: unsupported type conversion from 'int' to string"},
      {"json.encode({true: 2})", "error: type conversion error from bool to 'string'"},
      {"json.encode({1.5: 2})", "error: type conversion error from Double to 'string'"},
      {"json.encode([0.0 / 0.0])",
       "error: proto: google.protobuf.Value.number_value: invalid NaN value"},
      {"json.encode([0.0 / 0.0, {1: 2}])",
       "error: unsupported type conversion from 'int' to string"},
      {"json.encode({null: 2})", "error: type conversion error from 'null_type' to 'string'"},
      {"json.encode({optional.of('a'): 2})", "\"{\\\"a\\\":2}\""},
  });
}

TEST(FunctionsTest, In) {
  ExpectAll({
      {"2 in [1, 2] && !(3 in [1, 2]) && 'a' in {'a': 1} && dyn(1.0) in {1: 2}", "true"},
      {"dyn(1) in 'a'",
       "compile: ERROR: <input>:1:8: found no matching overload for '@in' applied to '(dyn, "
       "string)'"},
      {"dyn(b'a') in {'a': 1}",
       "error: internal error: runtime error: hash of unhashable type types.Bytes"},
      {"dyn(b'a') in {}", "false"},
  });
}

TEST(FunctionsTest, MessagesOfGoogleProtobuf) {
  ExpectAll({
      {"google.protobuf.ListValue{values: [1, 2u, b'a', null, duration('1s')]}",
       "[1.0, 2.0, \"YQ==\", null, \"1s\"]"},
      {"google.protobuf.ListValue{values: [9007199254740993]}", "[\"9007199254740993\"]"},
      {"google.protobuf.Struct{fields: {'a': {'b': [1]}}}.a.b[0]", "1.0"},
      {"google.protobuf.Struct{fields: dyn({1: 2})}",
       "error: field type conversion error for google.protobuf.Struct.fields value type: "
       "unsupported type conversion from 'int' to string"},
      {"google.protobuf.Duration{seconds: 9223372036854775807}", "2562047h47m16.854775807s"},
      {"google.protobuf.Duration{seconds: 1, nanos: 2147483647}", "3.147483647s"},
      {"google.protobuf.Int32Value{value: 2147483648}",
       "error: field type conversion error for google.protobuf.Int32Value.value value type: "
       "integer overflow"},
      {"google.protobuf.NullValue.NULL_VALUE", "0"},
      {"google.protobuf.Timestamp{seconds: 'a'}",
       "compile: ERROR: <input>:1:34: expected type of field 'seconds' is 'int' but provided type "
       "is 'string'"},
  });
}

// What cel-go v0.22.1 gives.
TEST(FunctionsTest, StringFormatOfOldTemplates) {
  const struct {
    const char* expression;
    const char* want;
  } cases[] = {
      {"\"%.2f\".format([1234.5])", "\"1,234.50\""},
      {"\"%.0f\".format([1234.5])", "\"1,234\""},
      {"\"%.2f\".format([2.675])", "\"2.67\""},
      {"\"%.1f\".format([-0.04])", "\"-0.0\""},
      {"\"%f\".format([-0.0])", "\"0.000000\""},
      {"\"%f\".format([1.0/0.0])", "\"\u221e\""},
      {"\"%f\".format([\"-Infinity\"])", "\"-\u221e\""},
      {"\"%f\".format([\"abc\"])",
       "error: error during formatting: fixed-point clause can only be used on doubles, was given "
       "string"},
      {"\"%f\".format([dyn(1)])",
       "error: error during formatting: fixed-point clause can only be used on doubles, was given "
       "int"},
      {"\"%f\".format([1])",
       "compile: ERROR: <input>:1:14: error during formatting: fixed-point clause can only be used "
       "on doubles, was given int"},
      {"\"%d\".format([dyn(1.5)])",
       "error: error during formatting: decimal clause can only be used on integers, was given "
       "double"},
      {"\"%d\".format([1.5])",
       "compile: ERROR: <input>:1:14: error during formatting: decimal clause can only be used on "
       "integers, was given double"},
      {"\"%d\".format([1234567])", "\"1234567\""},
      {"\"%e\".format([1052.032911275])", "\"1.052033\u202f\u00d7\u202f10\u2070\u00b3\""},
      {"\"%.20e\".format([1052.032911275])", "\"     1.052033\u202f\u00d7\u202f10\u2070\u00b3\""},
      {"\"%e\".format([0.00001])", "\"1.000000\u202f\u00d7\u202f10\u207b\u2070\u2075\""},
      {"\"%e\".format([-12.5e100])", "\"-1.250000\u202f\u00d7\u202f10\u00b9\u2070\u00b9\""},
      {"\"%e\".format([1.0/0.0])", "\"     \u221e\""},
      {"\"%f\".format([1e22])", "\"10,000,000,000,000,000,000,000.000000\""},
      {"\"%.2f\".format([999.995])", "\"1,000.00\""},
      {"\"%s\".format([1048576.0])", "\"1.048576e+06\""},
      {"\"%s\".format([1.0/0.0])", "\"+Inf\""},
      {"\"%s\".format([[1.0, \"a\", 2.5, true, null, b\"x\"]])",
       "\"[1.000000, \\\"a\\\", 2.500000, true, null, b\\\"x\\\"]\""},
      {"\"%s\".format([[\"a\\\"b\", 1, 1u, 1.0/0.0]])",
       "\"[\\\"a\\\\\\\"b\\\", 1, 1, \\\"+Inf\\\"]\""},
      {"\"%s\".format([{\"b\": 1.5, \"a\": \"x\", \"c\": [1.0]}])",
       "\"{\\\"a\\\":\\\"x\\\", \\\"b\\\":1.500000, \\\"c\\\":[1.000000]}\""},
      {"\"%s\".format([{1: \"x\", true: 2, 3u: 1}])", "\"{1:\\\"x\\\", 3:1, true:2}\""},
      {"\"%s\".format([{1.5: \"x\"}])",
       "error: error during formatting: no formatting function for map key of type double"},
      {"\"%s\".format([[duration(\"90.5s\"), timestamp(\"2023-01-02T03:04:05.6Z\")]])",
       "\"[duration(\\\"90.5s\\\"), timestamp(\\\"2023-01-02T03:04:05.6Z\\\")]\""},
      {"\"%s\".format([b\"\\xff\"])",
       "error: error during formatting: could not convert argument \"invalid UTF-8 in bytes, "
       "cannot convert to string\" to string"},
      {"\"%s\".format([dyn(optional.of(1))])",
       "error: error during formatting: string clause can only be used on strings, bools, bytes, "
       "ints, doubles, maps, lists, types, durations, and timestamps, was given optional_type"},
      {"\"%s\".format([[dyn(optional.of(1))]])",
       "error: error during formatting: no formatting function for optional_type"},
      {"\"%X\".format([\"hello\"])", "\"68656C6C6F\""},
      {"\"%x\".format([dyn(1.5)])",
       "error: error during formatting: only integers, byte buffers, and strings can be formatted "
       "as hex, was given double"},
      {"\"%b\".format([dyn(\"x\")])",
       "error: error during formatting: only integers and bools can be formatted as binary, was "
       "given string"},
      {"\"%o\".format([dyn(\"x\")])",
       "error: error during formatting: octal clause can only be used on integers, was given "
       "string"},
      {"\"%s %s\".format([\"a\"])", "compile: ERROR: <input>:1:15: index 1 out of range"},
      {"\"%s\".format([1.5e-7])", "\"1.5e-07\""},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(EvaluateToText(c.expression, "{}", Macros::kNone, StringFormat::kV022), c.want)
        << c.expression;
  }
  EXPECT_EQ(EvaluateToText(R"("%.2f".format([1234.5]))"), "\"1234.50\"");
}

TEST(FunctionsTest, OpenChoreo) {
  ExpectAll({
      {"oc_hash('test')", "\"afd071e5\""},
      {"oc_merge({'a': 1, 'b': 2}, {'b': 3}, {'c': 4})", "{\"a\": 1, \"b\": 3, \"c\": 4}"},
      {"oc_merge({'a': 1})", "compile: ERROR: <input>:1:9: oc_merge requires at least 2 arguments"},
      {"oc_merge({'a': oc_omit()}, {})",
       "{\"a\": error: unsupported conversion to ref.Val: (*template.omitValue)&{}}"},
      {"oc_merge({'a': oc_omit()}, {'b': 1}).b", "1"},
      {"oc_merge({'a': oc_omit()}, {}).a",
       "error: unsupported conversion to ref.Val: (*template.omitValue)&{}"},
      {"oc_merge({'a': oc_omit()}, {'b': 1}).transformMap(k, v, v)",
       "error: unsupported conversion to ref.Val: (*template.omitValue)&{}"},
      {"oc_merge({'a': int, 'b': optional.of(1)}, {'c': optional.none()})",
       "{\"a\": \"int\", \"b\": 1, \"c\": null}"},
      {"oc_generate_name('a,b'.split(','))",
       "error: internal error: runtime error: integer divide by zero"},
      {"oc_generate_name(['a', int]) == oc_generate_name('a', 'int')", "true"},
      {"{oc_omit(): 1}.map(k, k)", "[omit]"},
      {"[1, 2].transformMapEntry(i, x, {oc_omit(): x})",
       "error: insert failed: key &{} already exists"},
      {"[1, oc_omit()]", "[1, omit]"},
      {"{'a': oc_omit()}", "{\"a\": omit}"},
      {"type(oc_omit())", "omit"},
      {"oc_generate_name('My App', 'dev') == oc_generate_name(['My App', 'dev'])", "true"},
      {"oc_generate_name('My App').startsWith('my-app-')", "true"},
      {"oc_generate_name()", "error: internal error: runtime error: integer divide by zero"},
      {"oc_dns_label('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')."
       "size() <= 63",
       "true"},
  });
}

}  // namespace
}  // namespace openchoreo::cel
