package org

import (
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// tellTaker tells those who hold the position that took over: until they know,
// nobody looks after it.
func tellTaker(w *store.Write, h people.Handover) error {
	holders, err := people.HoldersOf(&w.Read, h.Taker)
	if err != nil {
		return err
	}
	return tellOf(w, h, holders, handoverKey(h), i18n.Text{"Din stilling har fået ansvaret for %s, som hørte til %s.", "Your position is now responsible for %s that belonged to %s."})
}

// tellTakenBack takes back what was told. Who has had a mail of it gets another.
func tellTakenBack(w *store.Write, h people.Handover) error {
	holders, err := people.HoldersOf(&w.Read, h.Taker)
	if err != nil {
		return err
	}
	heard, err := notify.Withdraw(w, handoverKey(h), holders)
	if err != nil {
		return err
	}
	return tellOf(w, h, heard, handoverKey(h)+"/undone", i18n.Text{"Din stilling har ikke længere ansvaret for %s fra %s. Overdragelsen er fortrudt.",
		"Your position is no longer responsible for %s from %s. The hand-over was undone."})
}

func handoverKey(h people.Handover) string { return "handover/" + h.ID }

// tellOf tells people of a hand-over; text takes how many records, and whose they were.
func tellOf(w *store.Write, h people.Handover, persons []string, key string, text i18n.Text) error {
	called, err := record.Titles(&w.Read, slices.Values([]string{h.Giver, h.Taker}))
	if err != nil {
		return err
	}
	var some i18n.Text
	for _, l := range i18n.Langs {
		some[l] = l.Plural(int64(h.Records), i18n.Text{"post", "record"}, i18n.Text{"poster", "records"})
	}
	var all []notify.Notice
	for _, p := range persons {
		if p != w.Actor.ID {
			all = append(all, notify.Notice{Person: p, About: ref.Ref{Kind: "handover", ID: h.ID}, Key: key, Path: "/position/" + h.Taker,
				Text: text.Naming(some, i18n.Same(called[h.Giver].Title)), Why: i18n.Text{"Du har stillingen %s.", "You hold the position %s."}.With(called[h.Taker].Title)})
		}
	}
	return notify.Tell(w, all...)
}
