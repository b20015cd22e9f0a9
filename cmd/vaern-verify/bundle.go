package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

const (
	firstRoom = 1 << 16  // bytes read at once
	longest   = 64 << 20 // bytes in a line; the limit of what a file can make us hold
)

var (
	errUnfinished = errors.New("the bundle breaks off in the middle of a line")
	errTooLong    = fmt.Errorf("the bundle has a line of more than %d MB", longest>>20)
)

// bundle hands out the lines and notes of a file one by one, and hashes what it
// handed out. What it returns is valid until the next call.
type bundle struct {
	src  io.Reader
	buf  []byte // buf[next:end] was read and not handed out
	line int    // where the last line began
	next int
	end  int
	done int // buf[:done] is in sum
	sum  hash.Hash
}

func newBundle(src io.Reader) *bundle {
	return &bundle{src: src, buf: make([]byte, firstRoom), sum: sha256.New()}
}

// readLine returns the next line without its line feed; io.EOF when there is none.
func (b *bundle) readLine() ([]byte, error) {
	searched := 0
	for {
		i := bytes.IndexByte(b.buf[b.next+searched:b.end], '\n')
		if i >= 0 && searched+i <= longest {
			b.line = b.next
			b.next += searched + i + 1
			return b.buf[b.line : b.next-1], nil
		}
		searched = b.end - b.next
		if searched > longest {
			return nil, errTooLong
		}
		err := b.fill()
		if errors.Is(err, io.EOF) && searched > 0 {
			return nil, errUnfinished
		}
		if err != nil {
			return nil, err
		}
	}
}

// readText returns the next n bytes.
func (b *bundle) readText(n int) ([]byte, error) {
	for b.end-b.next < n {
		if err := b.fill(); errors.Is(err, io.EOF) {
			return nil, errUnfinished
		} else if err != nil {
			return nil, err
		}
	}
	b.next += n
	return b.buf[b.next-n : b.next], nil
}

// sumBeforeLine returns the SHA-256 of all bytes before the last line. It must
// be asked for before anything else is read.
func (b *bundle) sumBeforeLine() (d digest) {
	b.sum.Write(b.buf[b.done:b.line])
	b.done = b.line
	b.sum.Sum(d[:0])
	return d
}

// fill reads more, after making room: what was handed out goes, and a line
// longer than the room doubles it.
func (b *bundle) fill() error {
	b.sum.Write(b.buf[b.done:b.next])
	copy(b.buf, b.buf[b.next:b.end])
	b.end -= b.next
	b.done, b.next = 0, 0
	if b.end == len(b.buf) {
		b.buf = append(b.buf, make([]byte, len(b.buf))...)
	}
	n, err := io.ReadAtLeast(b.src, b.buf[b.end:], 1)
	b.end += n
	if err != nil && err != io.EOF {
		return fmt.Errorf("the bundle cannot be read: %w", err)
	}
	return err
}
