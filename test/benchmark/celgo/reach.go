package main

import (
	"fmt"
	"slices"

	"github.com/google/cel-go/cel"
)

// The overloads and macros of one expression: {"overloads": [...], "macros": ["name/arguments", ...]}.
func reachOne(r request, environments map[string]*cel.Env) map[string]any {
	env, err := environmentOf(&r, environments, cel.EnableMacroCallTracking())
	if err != nil {
		return map[string]any{"error": err.Error(), "phase": "input"}
	}
	checked, issues := env.Compile(r.Expr)
	if issues.Err() != nil {
		return map[string]any{"error": issues.Err().Error(), "phase": "compile"}
	}
	overloads := map[string]bool{}
	for _, reference := range checked.NativeRep().ReferenceMap() {
		for _, id := range reference.OverloadIDs {
			overloads[id] = true
		}
	}
	macros := map[string]bool{}
	for _, call := range checked.NativeRep().SourceInfo().MacroCalls() {
		macros[fmt.Sprintf("%s/%d", call.AsCall().FunctionName(), len(call.AsCall().Args()))] = true
	}
	return map[string]any{"overloads": sortedKeys(overloads), "macros": sortedKeys(macros)}
}

func sortedKeys(set map[string]bool) []string {
	keys := []string{}
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
