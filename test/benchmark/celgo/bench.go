package main

import (
	"encoding/json"
	"os"
	"sort"
	"time"

	"github.com/google/cel-go/cel"
)

type benchFile struct {
	Vars  map[string]any `json:"vars"`
	Exprs []struct {
		Name string `json:"name"`
		Expr string `json:"expr"`
	} `json:"exprs"`
}

type benchResult struct {
	Name    string  `json:"name"`
	Compile float64 `json:"compile_ns"`
	Eval    float64 `json:"eval_ns"`
}

func bench(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		fail(err.Error())
	}
	var file benchFile
	if err := json.Unmarshal(data, &file); err != nil {
		fail(err.Error())
	}
	var names []string
	for name := range file.Vars {
		names = append(names, name)
	}
	sort.Strings(names)
	var variables []variable
	for _, name := range names {
		variables = append(variables, variable{name: name})
	}
	env, err := newEnvironment(variables, true)
	if err != nil {
		fail(err.Error())
	}
	var results []benchResult
	for _, e := range file.Exprs {
		var program cel.Program
		compile := func() {
			checked, issues := env.Compile(e.Expr)
			if issues.Err() != nil {
				fail(e.Name + ": " + issues.Err().Error())
			}
			if program, err = env.Program(checked); err != nil {
				fail(e.Name + ": " + err.Error())
			}
		}
		eval := func() {
			if _, _, err := program.Eval(file.Vars); err != nil {
				fail(e.Name + ": " + err.Error())
			}
		}
		results = append(results, benchResult{e.Name, median(compile), median(eval)})
	}
	json.NewEncoder(os.Stdout).Encode(results)
}

// The median of several rounds, in nanoseconds per call.
func median(call func()) float64 {
	const rounds = 9
	const budget = 20 * time.Millisecond
	call()
	calls := 1
	for {
		start := time.Now()
		for i := 0; i < calls; i++ {
			call()
		}
		if time.Since(start) > budget/4 || calls >= 1<<24 {
			break
		}
		calls *= 4
	}
	times := make([]float64, rounds)
	for r := range times {
		start := time.Now()
		for i := 0; i < calls; i++ {
			call()
		}
		times[r] = float64(time.Since(start).Nanoseconds()) / float64(calls)
	}
	sort.Float64s(times)
	return times[rounds/2]
}
