package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
)

// Leaked are passwords of 12 characters and more that have leaked and are common, one a line, in small letters; ""
// where nothing was built.
func Leaked() (string, error) {
	packed, err := fs.ReadFile(embedded, "dist/passwords.packed")
	if err != nil {
		return "", nil //nolint:nilerr // nothing was built
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(z)
	return string(text), err
}
