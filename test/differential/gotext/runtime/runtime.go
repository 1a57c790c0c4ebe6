// Package runtime has a stand-in for k8s.io/apimachinery's RawExtension, whose package and field names a dump shows.
package runtime

type Object interface{ IsObject() }

type RawExtension struct {
	Raw    []byte
	Object Object
}

// As upstream: bytes as they stand, and null leaves what was there.
func (e *RawExtension) UnmarshalJSON(in []byte) error {
	if string(in) != "null" {
		e.Raw = append(e.Raw[:0], in...)
	}
	return nil
}
