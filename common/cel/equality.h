// Equality and order of values, as cel-go's Equal and Compare have them.
#pragma once

#include "common/cel/frame.h"

namespace openchoreo::cel {

// Numbers by value across int, uint and double; lists and maps deep; other mixtures are unequal.
// Never an error. Spends a step per compared element; false once the limits are exceeded.
bool Equal(Frame& frame, const value::Value& a, const value::Value& b);

// -1, 0 or 1 as an int, or an error: "no such overload" for kinds that do not compare.
value::Value Compare(const value::Value& a, const value::Value& b);

// -1, 0 or 1; neither is NaN.
int CompareNumbers(const value::Value& a, const value::Value& b);

// The entry of `map` under `key`: ints, uints and doubles of equal value find each other as in
// cel-go. nullptr if there is none.
const value::Value* FindEntry(const value::Value& map, const value::Value& key);

// Whether `key` may be the key of a map: anything but bytes, which cel-go cannot hash.
bool IsMapKey(const value::Value& key);

// The error of a key that is none.
value::Value BadMapKey(Frame& frame);

// Whether another key of the same value is the same key. Not for keys that cel-go tells apart by
// identity: lists, maps, optionals, times with a zone; nor for NaN.
bool IsKeyByValue(const value::Value& key);

// Makes a map of `entries` (any order, in the arena, reordered in place): the last of equal keys
// wins.
value::Value MakeMap(value::MapEntry* entries, std::size_t count);

}  // namespace openchoreo::cel
