package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"reflect"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/parser"
)

// The libraries OpenChoreo enables, stand-ins for its own functions, and variables of type dyn.
func newEnvironment(variables []string) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.OptionalTypes(), ext.Strings(), ext.Encoders(), ext.Math(), ext.Lists(), ext.Sets(),
		ext.TwoVarComprehensions(),
		cel.Macros(variadicName("oc_generate_name"), variadicName("oc_dns_label"), variadicMerge(), volumeMounts(), endpointResources()),
		cel.Function("oc_omit", cel.Overload("oc_omit", nil, cel.DynType,
			cel.FunctionBinding(func(...ref.Val) ref.Val { return omitted{} }))),
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
	for _, name := range variables {
		options = append(options, cel.Variable(name, cel.DynType))
	}
	return cel.NewEnv(options...)
}

var stringMap = cel.MapType(cel.StringType, cel.DynType)

var omitType = cel.ObjectType("omit")

type omitted struct{}

func (o omitted) ConvertToNative(reflect.Type) (any, error) { return nil, fmt.Errorf("omitted") }
func (o omitted) ConvertToType(ref.Type) ref.Val            { return o }
func (o omitted) Type() ref.Type                            { return omitType }
func (o omitted) Value() any                                { return o }
func (o omitted) Equal(other ref.Val) ref.Val {
	_, same := other.(omitted)
	return types.Bool(same)
}

func merge(base, overlay ref.Val) ref.Val {
	merged := map[ref.Val]ref.Val{}
	for _, m := range []ref.Val{base, overlay} {
		mapper := m.(traits.Mapper)
		for it := mapper.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			merged[key] = mapper.Get(key)
		}
	}
	return types.NewRefValMap(types.DefaultTypeAdapter, merged)
}

func nameFunction(name string, limit int) cel.EnvOption {
	return cel.Function(name,
		cel.Overload(name+"_string", []*cel.Type{cel.StringType}, cel.StringType,
			cel.UnaryBinding(func(part ref.Val) ref.Val { return generatedName(limit, string(part.(types.String))) })),
		cel.Overload(name+"_list", []*cel.Type{cel.ListType(cel.StringType)}, cel.StringType,
			cel.UnaryBinding(func(list ref.Val) ref.Val {
				var parts []string
				for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
					if text, ok := it.Next().(types.String); ok {
						parts = append(parts, string(text))
					}
				}
				return generatedName(limit, parts...)
			})))
}

// A name of about the work OpenChoreo's takes; ASCII only.
func generatedName(limit int, parts ...string) ref.Val {
	sum := sha256.Sum256([]byte(strings.Join(parts, "-")))
	clean := make([]string, 0, len(parts))
	for _, part := range parts {
		clean = append(clean, strings.Trim(strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' {
				return r
			}
			return '-'
		}, strings.ToLower(part)), "-."))
	}
	name := strings.Join(clean, "-")
	if len(name) > limit-9 {
		name = name[:limit-9]
	}
	return types.String(name + "-" + hex.EncodeToString(sum[:])[:8])
}

func variadicName(name string) cel.Macro {
	return cel.GlobalVarArgMacro(name, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if len(args) == 1 {
			return nil, nil
		}
		return eh.NewCall(name, eh.NewList(args...)), nil
	})
}

func variadicMerge() cel.Macro {
	return cel.GlobalVarArgMacro("oc_merge", func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if len(args) < 2 {
			return nil, &common.Error{Message: "oc_merge requires at least 2 arguments"}
		}
		if len(args) == 2 {
			return nil, nil
		}
		merged := eh.NewCall("oc_merge", args[0], args[1])
		for _, more := range args[2:] {
			merged = eh.NewCall("oc_merge", merged, more)
		}
		return merged, nil
	})
}

func volumeMounts() cel.Macro {
	return cel.ReceiverMacro("toContainerVolumeMounts", 0, func(eh parser.ExprHelper, target ast.Expr, _ []ast.Expr) (ast.Expr, *common.Error) {
		field := map[string]string{"configurations": "configVolumeMounts", "dependencies": "dependencyVolumeMounts"}
		if target.Kind() != ast.IdentKind || field[target.AsIdent()] == "" {
			return nil, nil
		}
		return eh.NewSelect(eh.NewIdent("derived"), field[target.AsIdent()]), nil
	})
}

func endpointResources() cel.Macro {
	return cel.ReceiverMacro("toEndpointResources", 1, func(eh parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if target.Kind() != ast.IdentKind || target.AsIdent() != "workload" {
			return nil, nil
		}
		return eh.NewCall(operators.OptIndex, eh.NewSelect(eh.NewIdent("derived"), "endpointResources"), args[0]), nil
	})
}
