// Package receipt asks people to read what binds them, and keeps that they did:
// whom a version asks, how each has answered, and who is missing.
package receipt

import (
	"embed"
	"sync"

	"vaern/internal/access"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Permissions of reading and receipts.
const (
	Plans   access.Permission = "reading.plan"    // who is asked, and until when
	Numbers access.Permission = "reading.see"     // how many have read
	Names   access.Permission = "receipt.see"     // who has and who has not
	Give    access.Permission = "receipt.give"    // one's own
	Gather  access.Permission = "receipt.meeting" // of those present at a meeting
	Screens access.Permission = "receipt.kiosk"   // shared screens
)

// Desk is what asks and what is asked; it knows documents by what app hands in.
type Desk struct {
	papers  Papers
	here    here
	numbers sync.Mutex // held while a number that was typed at a screen is looked up
}

// New returns the desk of a municipality's documents.
func New(p Papers) *Desk { return &Desk{papers: p} }
