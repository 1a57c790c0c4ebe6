package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"
	"unicode"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// Stand-ins for OpenChoreo's functions: they answer as its own do.
func functions() []cel.EnvOption {
	stringMap := cel.MapType(cel.StringType, cel.DynType)
	return []cel.EnvOption{
		cel.Function("oc_omit", cel.Overload("oc_omit", nil, cel.DynType,
			cel.FunctionBinding(func(...ref.Val) ref.Val { return omit }))),
		cel.Function("oc_merge", cel.Overload("oc_merge_map_map",
			[]*cel.Type{stringMap, stringMap}, stringMap, cel.BinaryBinding(merge))),
		nameFunction("oc_generate_name", 253),
		nameFunction("oc_dns_label", 63),
		cel.Function("oc_hash", cel.Overload("oc_hash_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(func(text ref.Val) ref.Val {
				h := fnv.New32a()
				h.Write([]byte(text.(types.String)))
				return types.String(fmt.Sprintf("%08x", h.Sum32()))
			}))),
	}
}

var omitType = cel.ObjectType("omit")

type omitted struct{ _ bool }

var omit = &omitted{}

// What an omit is outside CEL: nothing CEL takes back.
type omitValue struct{ _ bool }

func (o *omitted) ConvertToNative(reflect.Type) (any, error) { return &omitValue{}, nil }
func (o *omitted) ConvertToType(ref.Type) ref.Val            { return o }
func (o *omitted) Type() ref.Type                            { return omitType }
func (o *omitted) Value() any                                { return &omitValue{} }
func (o *omitted) Equal(other ref.Val) ref.Val {
	_, same := other.(*omitted)
	return types.Bool(same)
}

// Shallow, the later map wins; values become Go values and CEL values again on the way.
func merge(base, overlay ref.Val) ref.Val {
	merged := map[ref.Val]ref.Val{}
	for _, m := range []ref.Val{base, overlay} {
		switch entries := m.Value().(type) {
		case map[string]any:
			for key, value := range entries {
				merged[types.String(key)] = types.DefaultTypeAdapter.NativeToValue(value)
			}
		case map[ref.Val]ref.Val:
			for key, value := range entries {
				merged[key.(types.String)] = types.DefaultTypeAdapter.NativeToValue(value.Value())
			}
		}
	}
	return types.NewDynamicMap(types.DefaultTypeAdapter, merged)
}

func nameFunction(name string, limit int) cel.EnvOption {
	return cel.Function(name,
		cel.Overload(name+"_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(func(part ref.Val) ref.Val {
				return generatedName(limit, []string{string(part.(types.String))})
			})),
		cel.Overload(name+"_list", []*cel.Type{cel.ListType(cel.StringType)}, cel.StringType,
			cel.UnaryBinding(func(list ref.Val) ref.Val { return generatedName(limit, stringsOf(list)) })))
}

// The strings of a list; other items, and lists held in other Go types, are passed over.
func stringsOf(list ref.Val) []string {
	parts := []string{}
	switch items := list.Value().(type) {
	case []ref.Val:
		for _, item := range items {
			if text, ok := item.Value().(string); ok {
				parts = append(parts, text)
			}
		}
	case []any:
		for _, item := range items {
			if text, ok := item.(string); ok {
				parts = append(parts, text)
			}
		}
	}
	return parts
}

func isLetterOrNumber(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// Each part gets an equal share of the limit; a hash of all parts ends the name.
func generatedName(limit int, parts []string) ref.Val {
	sum := sha256.Sum256([]byte(strings.Join(parts, "-")))
	const hashed = 8
	budget := limit - hashed - len(parts)
	share, rest := budget/len(parts), budget%len(parts)
	shares := make([]string, len(parts))
	for i, part := range parts {
		clean := strings.Trim(strings.Map(func(r rune) rune {
			if isLetterOrNumber(r) || r == '.' {
				return r
			}
			return '-'
		}, strings.ToLower(part)), "-.")
		allowed := share
		if i < rest {
			allowed++
		}
		shares[i] = clean[:min(len(clean), allowed)]
	}
	name := strings.Join(append(shares, hex.EncodeToString(sum[:])[:hashed]), "-")
	return types.String(strings.TrimFunc(name, func(r rune) bool { return !isLetterOrNumber(r) }))
}
