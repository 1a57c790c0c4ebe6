// runfn DIR: runs the functions of DIR's Kptfile on the files of DIR and writes the files back, by kyaml's runner, which
// kpt shares. Where kpt differs, by its documentation: it leaves the Kptfile and the functions' own configurations out of the
// items, renders sub-packages first, and writes results into the Kptfile's status; here they go to standard output.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"sigs.k8s.io/kustomize/kyaml/runfn"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

type function struct {
	Exec       string            `yaml:"exec"`
	ConfigMap  map[string]string `yaml:"configMap"`
	ConfigPath string            `yaml:"configPath"`
}

type kptfile struct {
	Pipeline struct {
		Mutators   []function `yaml:"mutators"`
		Validators []function `yaml:"validators"`
	} `yaml:"pipeline"`
}

// config is what the function gets: a ConfigMap, or the file it names, each with the program to start.
func config(dir string, f function) (*yaml.RNode, error) {
	node := yaml.MustParse("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: function-input}\n")
	if f.ConfigPath != "" {
		var err error
		if node, err = yaml.ReadFile(filepath.Join(dir, f.ConfigPath)); err != nil {
			return nil, err
		}
	} else if len(f.ConfigMap) > 0 {
		if err := node.LoadMapIntoConfigMapData(f.ConfigMap); err != nil {
			return nil, err
		}
	}
	return node, node.PipeE(yaml.SetAnnotation("config.kubernetes.io/function", fmt.Sprintf("exec: {path: %q}", f.Exec)))
}

func run(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "Kptfile"))
	if err != nil {
		return err
	}
	var kpt kptfile
	if err := yaml.Unmarshal(text, &kpt); err != nil {
		return err
	}
	for _, f := range append(kpt.Pipeline.Mutators, kpt.Pipeline.Validators...) {
		node, err := config(dir, f)
		if err != nil {
			return err
		}
		results, err := os.MkdirTemp("", "results")
		if err != nil {
			return err
		}
		defer os.RemoveAll(results)
		failed := runfn.RunFns{Path: dir, Functions: []*yaml.RNode{node}, EnableExec: true, DisableContainers: true,
			ContinueOnEmptyResult: true, WorkingDir: dir, ResultsDir: results}.Execute()
		files, _ := filepath.Glob(filepath.Join(results, "*"))
		sort.Strings(files)
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				os.Stdout.Write(text)
			}
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: runfn DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
