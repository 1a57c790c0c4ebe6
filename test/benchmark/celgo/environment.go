package main

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/parser"
)

// A variable and its type, as text; "" is dyn.
type variable struct {
	name     string
	typeText string
}

// The libraries OpenChoreo enables, stand-ins for its own functions and, with `context`, for the
// macros of its component pipeline.
func newEnvironment(variables []variable, context bool, more ...cel.EnvOption) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.OptionalTypes(), ext.Strings(), ext.Encoders(), ext.Math(), ext.Lists(), ext.Sets(),
		ext.TwoVarComprehensions(),
		cel.Macros(variadicName("oc_generate_name"), variadicName("oc_dns_label"), variadicMerge()),
	}
	options = append(options, functions()...)
	if context {
		options = append(options, cel.Macros(contextMacros()...))
	}
	for _, v := range variables {
		held, err := parseType(v.typeText)
		if err != nil {
			return nil, err
		}
		options = append(options, cel.Variable(v.name, held))
	}
	return cel.NewEnv(append(options, more...)...)
}

// The type written as the conformance cases write it.
func parseType(text string) (*cel.Type, error) {
	text = strings.TrimSpace(text)
	open := strings.IndexByte(text, '(')
	if open < 0 {
		switch text {
		case "", "dyn":
			return cel.DynType, nil
		case "bool":
			return cel.BoolType, nil
		case "int":
			return cel.IntType, nil
		case "uint":
			return cel.UintType, nil
		case "double":
			return cel.DoubleType, nil
		case "string":
			return cel.StringType, nil
		case "bytes":
			return cel.BytesType, nil
		case "null_type":
			return cel.NullType, nil
		case "type":
			return cel.TypeType, nil
		case "google.protobuf.Timestamp":
			return cel.TimestampType, nil
		case "google.protobuf.Duration":
			return cel.DurationType, nil
		case "google.protobuf.Any":
			return cel.AnyType, nil
		}
		return nil, fmt.Errorf("unknown type %q", text)
	}
	if !strings.HasSuffix(text, ")") {
		return nil, fmt.Errorf("unknown type %q", text)
	}
	arguments, err := parseTypes(text[open+1 : len(text)-1])
	if err != nil {
		return nil, err
	}
	switch name := text[:open]; {
	case name == "list" && len(arguments) == 1:
		return cel.ListType(arguments[0]), nil
	case name == "map" && len(arguments) == 2:
		return cel.MapType(arguments[0], arguments[1]), nil
	case name == "optional_type" && len(arguments) == 1:
		return cel.OptionalType(arguments[0]), nil
	case name == "type" && len(arguments) == 1:
		return cel.TypeType, nil
	case name == "wrapper" && len(arguments) == 1:
		return cel.NullableType(arguments[0]), nil
	}
	return nil, fmt.Errorf("unknown type %q", text)
}

// The types of a list with commas at depth 0.
func parseTypes(text string) ([]*cel.Type, error) {
	var all []*cel.Type
	depth, from := 0, 0
	for at := 0; at <= len(text); at++ {
		if at == len(text) || text[at] == ',' && depth == 0 {
			held, err := parseType(text[from:at])
			if err != nil {
				return nil, err
			}
			all, from = append(all, held), at+1
			continue
		}
		switch text[at] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	return all, nil
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

// The receiver macros that read what the pipeline computed beforehand.
func contextMacros() []cel.Macro {
	fields := map[string]map[string]string{
		"toConfigFileList":        {"configurations": "configFileList"},
		"toSecretFileList":        {"configurations": "secretFileList"},
		"toContainerEnvFrom":      {"configurations": "containerEnvFrom"},
		"toContainerVolumeMounts": {"configurations": "configVolumeMounts", "dependencies": "dependencyVolumeMounts"},
		"toVolumes":               {"configurations": "configVolumes", "dependencies": "dependencyVolumes"},
		"toConfigEnvsByContainer": {"configurations": "configEnvs"},
		"toSecretEnvsByContainer": {"configurations": "secretEnvs"},
		"toServicePorts":          {"workload": "servicePorts"},
		"toContainerEnvs":         {"dependencies": "dependencyEnvVars"},
	}
	macros := []cel.Macro{endpointResources()}
	for name, byReceiver := range fields {
		macros = append(macros, cel.ReceiverMacro(name, 0,
			func(eh parser.ExprHelper, target ast.Expr, _ []ast.Expr) (ast.Expr, *common.Error) {
				if target.Kind() != ast.IdentKind || byReceiver[target.AsIdent()] == "" {
					return nil, nil
				}
				return eh.NewSelect(eh.NewIdent("derived"), byReceiver[target.AsIdent()]), nil
			}))
	}
	return macros
}

func endpointResources() cel.Macro {
	return cel.ReceiverMacro("toEndpointResources", 1, func(eh parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if target.Kind() != ast.IdentKind || target.AsIdent() != "workload" {
			return nil, nil
		}
		return eh.NewCall(operators.OptIndex, eh.NewSelect(eh.NewIdent("derived"), "endpointResources"), args[0]), nil
	})
}
