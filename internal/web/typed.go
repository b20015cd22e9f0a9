package web

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
)

// most of a form that is looked at again for what was typed before its file.
const typedBefore = 64 << 10

// beginning keeps the beginning of a form with a file while it is read.
type beginning struct {
	io.ReadCloser
	read bytes.Buffer
}

// Read implements io.Reader.
func (b *beginning) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Write(p[:min(n, max(0, typedBefore-b.read.Len()))])
	return n, err
}

// typed is what stands in the form before its file. A file that is too large
// ends the reading, and what was typed must not be lost with it.
func (b *beginning) typed(r *http.Request) url.Values {
	out := url.Values{}
	_, more, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return out
	}
	for parts := multipart.NewReader(&b.read, more["boundary"]); ; {
		part, err := parts.NextPart()
		if err != nil || part.FileName() != "" {
			return out
		}
		value, err := io.ReadAll(part)
		if err != nil || !clean(part.FormName()) || !clean(string(value)) {
			return out
		}
		out.Add(part.FormName(), string(value))
	}
}
