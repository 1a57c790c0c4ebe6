package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

type request struct {
	Expr     string                    `json:"expr"`
	Bindings map[string]map[string]any `json:"bindings"`
	// Declared variables. Their types count only with CheckOnly or the tag checked_type.
	TypeEnv []struct {
		Name string `json:"name"`
		Type string `json:"type"`
	} `json:"type_env"`
	CheckOnly bool     `json:"check_only"`
	Tags      []string `json:"tags"`
	Ext       bool     `json:"ext"` // with the macros of the component pipeline
}

// The variables of a request, sorted by name.
func (r *request) variables() []variable {
	typed := r.CheckOnly || slices.Contains(r.Tags, "checked_type")
	var all []variable
	for _, declared := range r.TypeEnv {
		v := variable{name: declared.Name}
		if typed {
			v.typeText = declared.Type
		}
		all = append(all, v)
	}
	for name := range r.Bindings {
		known := slices.ContainsFunc(all, func(v variable) bool { return v.name == name })
		if !known {
			all = append(all, variable{name: name})
		}
	}
	slices.SortFunc(all, func(a, b variable) int { return strings.Compare(a.name, b.name) })
	return all
}

// Calls `answerOne` for each JSON line, with environments kept from line to line.
func eachLine(answerOne func(request, map[string]*cel.Env) map[string]any) {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	environments := map[string]*cel.Env{}
	for in.Scan() {
		var r request
		answer := map[string]any{}
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			answer = map[string]any{"error": err.Error(), "phase": "input"}
		} else {
			answer = answerOne(r, environments)
		}
		line, _ := json.Marshal(answer)
		out.Write(append(line, '\n'))
	}
}

func environmentOf(r *request, known map[string]*cel.Env, more ...cel.EnvOption) (*cel.Env, error) {
	variables := r.variables()
	key := fmt.Sprint(r.Ext, variables)
	if env := known[key]; env != nil {
		return env, nil
	}
	env, err := newEnvironment(variables, r.Ext, more...)
	known[key] = env
	return env, err
}

func evalOne(r request, environments map[string]*cel.Env) map[string]any {
	env, err := environmentOf(&r, environments)
	if err != nil {
		return map[string]any{"error": err.Error(), "phase": "input"}
	}
	checked, issues := env.Compile(r.Expr)
	if issues.Err() != nil {
		return map[string]any{"error": issues.Err().Error(), "phase": "compile"}
	}
	if r.CheckOnly {
		return map[string]any{"type": checked.OutputType().String()}
	}
	program, err := env.Program(checked)
	if err != nil {
		return map[string]any{"error": err.Error(), "phase": "compile"}
	}
	variables := map[string]any{}
	for name, typed := range r.Bindings {
		variables[name] = native(typed)
	}
	result, _, err := program.Eval(variables)
	if err != nil {
		return map[string]any{"error": err.Error(), "phase": "eval"}
	}
	return map[string]any{"value": typedForm(result), "type": checked.OutputType().String()}
}

// A typed binding as the Go value OpenChoreo would bind.
func native(typed map[string]any) any {
	for form, held := range typed {
		text, _ := held.(string)
		switch form {
		case "null":
			return nil
		case "bool", "string":
			return held
		case "int":
			i, _ := strconv.ParseInt(text, 10, 64)
			return i
		case "uint":
			u, _ := strconv.ParseUint(text, 10, 64)
			return u
		case "double":
			switch text {
			case "Infinity":
				return math.Inf(1)
			case "-Infinity":
				return math.Inf(-1)
			case "NaN":
				return math.NaN()
			}
			d, _ := strconv.ParseFloat(text, 64)
			return d
		case "bytes":
			b, _ := base64.StdEncoding.DecodeString(text)
			return b
		case "timestamp":
			t, _ := time.Parse(time.RFC3339, text)
			return t
		case "duration":
			d, _ := time.ParseDuration(text)
			return d
		case "list":
			list := []any{}
			for _, item := range held.([]any) {
				list = append(list, native(item.(map[string]any)))
			}
			return list
		case "map":
			return nativeMap(held.([]any))
		}
	}
	return nil
}

func nativeMap(pairs []any) any {
	stringKeys := map[string]any{}
	anyKeys := map[ref.Val]ref.Val{}
	for _, pair := range pairs {
		key := native(pair.([]any)[0].(map[string]any))
		value := native(pair.([]any)[1].(map[string]any))
		if text, ok := key.(string); ok {
			stringKeys[text] = value
		}
		anyKeys[types.DefaultTypeAdapter.NativeToValue(key)] = types.DefaultTypeAdapter.NativeToValue(value)
	}
	if len(stringKeys) == len(pairs) {
		return stringKeys
	}
	return anyKeys
}

func typedForm(v ref.Val) any {
	switch t := v.(type) {
	case types.Null:
		return map[string]any{"null": nil}
	case types.Bool:
		return map[string]any{"bool": bool(t)}
	case types.Int:
		return map[string]any{"int": strconv.FormatInt(int64(t), 10)}
	case types.Uint:
		return map[string]any{"uint": strconv.FormatUint(uint64(t), 10)}
	case types.Double:
		switch {
		case math.IsInf(float64(t), 1):
			return map[string]any{"double": "Infinity"}
		case math.IsInf(float64(t), -1):
			return map[string]any{"double": "-Infinity"}
		}
		return map[string]any{"double": strconv.FormatFloat(float64(t), 'g', -1, 64)}
	case types.String:
		return map[string]any{"string": string(t)}
	case types.Bytes:
		return map[string]any{"bytes": base64.StdEncoding.EncodeToString(t)}
	case types.Timestamp:
		return map[string]any{"timestamp": t.Time.UTC().Format(time.RFC3339Nano)}
	case types.Duration:
		return map[string]any{"duration": durationText(t.Duration)}
	case *types.Optional:
		if !t.HasValue() {
			return map[string]any{"optional": nil}
		}
		return map[string]any{"optional": typedForm(t.GetValue())}
	case *omitted:
		return map[string]any{"omit": true}
	case ref.Type:
		return map[string]any{"type": t.TypeName()}
	case traits.Mapper:
		pairs := [][]any{}
		for it := t.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			pairs = append(pairs, []any{typedForm(key), typedForm(t.Get(key))})
		}
		sort.Slice(pairs, func(i, j int) bool {
			a, _ := json.Marshal(pairs[i][0])
			b, _ := json.Marshal(pairs[j][0])
			return string(a) < string(b)
		})
		return map[string]any{"map": pairs}
	case traits.Lister:
		items := []any{}
		for it := t.Iterator(); it.HasNext() == types.True; {
			items = append(items, typedForm(it.Next()))
		}
		return map[string]any{"list": items}
	}
	return map[string]any{"object": fmt.Sprintf("%T", v)}
}

func durationText(d time.Duration) string {
	sign := ""
	magnitude := uint64(d)
	if d < 0 {
		sign, magnitude = "-", -magnitude
	}
	text := strconv.FormatUint(magnitude/1e9, 10)
	if rest := magnitude % 1e9; rest != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%09d", rest), "0")
	}
	return sign + text + "s"
}
