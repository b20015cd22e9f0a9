// Package nordkyst holds the description from which the demo municipality's people are made.
package nordkyst

import _ "embed"

//go:embed organisation.yaml
var organisation []byte

//go:embed names.yaml
var names []byte

// Organisation returns organisation.yaml as it is written: the tree of units
// with what staffs each, and what is particular about some positions.
func Organisation() []byte { return organisation }

// Names returns names.yaml as it is written: the first and last names people get.
func Names() []byte { return names }
