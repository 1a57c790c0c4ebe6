// Package sample has a struct with a field of every form that upstream's hashed structs have. Its C++ twin is the table in ../../go_text.cc.
package sample

import "openchoreo-gitops/test/differential/gotext/runtime"

type Word string

type Inner struct {
	Key   Word  `json:"key"`
	Count int32 `json:"count"`
}

type Inlined struct {
	Shared string `json:"shared"`
}

type Outer struct {
	Inlined  `json:",inline"`
	Text     string                          `json:"text"`
	Flag     bool                            `json:"flag"`
	Number   int32                           `json:"number"`
	Struct   Inner                           `json:"struct"`
	Raw      runtime.RawExtension            `json:"raw"`
	Pointer  *Inner                          `json:"pointer"`
	RawThere *runtime.RawExtension           `json:"rawThere"`
	Words    []Word                          `json:"words"`
	List     []Inner                         `json:"list"`
	Texts    map[string]string               `json:"texts"`
	Map      map[string]Inner                `json:"map"`
	Raws     map[string]runtime.RawExtension `json:"raws"`
	Flagged  *bool                           `json:"flagged"`
}
