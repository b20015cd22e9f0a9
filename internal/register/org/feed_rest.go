package org

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people/feed"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/sheet"
	"vaern/internal/web"

	"github.com/danielgtaylor/huma/v2"
)

// FeedFile is what a program sends: a file of the personnel system.
type FeedFile struct {
	About  FeedAbout  `json:"about" enum:"people,units" doc:"What the rows are about" da:"Hvad filen handler om" en:"What the file is about" is:"required"`
	CSV    string     `json:"csv,omitempty" doc:"The file, where it is CSV" da:"Filen som CSV" en:"The file as CSV" is:"long"`
	XLSX   string     `json:"xlsx,omitempty" doc:"The file in base64, where it is a workbook" da:"Filen som XLSX" en:"The file as XLSX" is:"long"`
	Full   bool       `json:"full,omitempty" doc:"Everybody is in it: who came by an earlier file and is missing has left" da:"Alle er med" en:"Everybody is in it"`
	Date   field.Date `json:"date,omitempty" doc:"From which day it counts; today, where nothing is said" da:"Gælder fra" en:"Counts from"`
	Reason string     `json:"reason,omitempty" doc:"Why more than one in ten leave; without it such a file is refused" da:"Hvorfor" en:"Why"`
	DryRun bool       `json:"dry_run,omitempty" doc:"Say what would happen, and do nothing" da:"Kun en prøve" en:"Only a trial"`
}

// FeedAbout is what a file is about.
type FeedAbout string

// Choices are people and units.
func (FeedAbout) Choices() field.Choices {
	return field.Choices{{"people", "Personer", "People"}, {"units", "Enheder", "Units"}}
}

// FeedAnswer is what a file did.
type FeedAnswer struct {
	Rows    int            `json:"rows"`
	Counts  map[string]int `json:"counts" doc:"joined, moved, changed, left, unchanged, waits, wrong"`
	Leaving int            `json:"leaving" doc:"People who lose their access by it"`
	Of      int            `json:"of" doc:"People who have access now"`
	DryRun  bool           `json:"dry_run"`
	Unknown []string       `json:"unknown_columns" nullable:"false"`
	NotRead []string       `json:"columns_not_read" nullable:"false" doc:"Personal numbers are not read"`
	Hidden  int            `json:"hidden_rows" doc:"Rows that the workbook hides, and that were taken all the same"`
	Left    []string       `json:"sheets_not_read" nullable:"false" doc:"Other sheets of the workbook that say something, hidden ones too"`
	Lines   []FeedLine     `json:"lines" nullable:"false" doc:"What rows did, the wrong ones first; a thousand at most, none that changed nothing"`
}

// FeedLine is what a row did.
type FeedLine struct {
	Row  int    `json:"row" doc:"0 is somebody who is not in the file"`
	Key  string `json:"key" doc:"Staff or unit number"`
	Name string `json:"name"`
	Did  string `json:"did" enum:"joined,moved,changed,left,waits,wrong"`
	Text string `json:"text"`
}

var feedFields = field.Of(reflect.TypeFor[FeedFile]())

// offer lets programs hand in files.
func (f feeding) offer() {
	op := web.Operation{Need: feed.Need, Operation: huma.Operation{OperationID: "people-feed", Method: http.MethodPost, Path: "/api/v1/people/feed", Tags: []string{"people"},
		Summary: "Take a file of people or units from the personnel system", MaxBodyBytes: sheet.MostBytes * 4 / 3,
		Description: "Joiners, movers and leavers take effect by date. The same file twice changes nothing. A wrong row takes no other along. What was taken in is listed on the page Personnel file, and can be taken back there."}}
	op.RequestBody = &huma.RequestBody{Required: true, Content: web.JSON(f.site.Schema(reflect.TypeFor[FeedFile]()),
		FeedFile{About: "people", CSV: "Staff no;Name;Unit;Job title;From\n1001;Anne Andersen;110;Teacher;2026-08-01\n", DryRun: true})}
	op.Responses = map[string]*huma.Response{"200": web.Good("What the rows did", web.JSON(f.site.Schema(reflect.TypeFor[FeedAnswer]()),
		FeedAnswer{Rows: 1, Counts: map[string]int{"joined": 1}, Of: 4900, DryRun: true, Unknown: []string{}, NotRead: []string{}, Left: []string{},
			Lines: []FeedLine{{2, "1001", "Anne Andersen", "joined", "New."}}}))}
	f.site.Offer(op, f.rest)
}

func (f feeding) rest(c *web.Call) (*web.Answer, error) {
	var in FeedFile
	v := record.Value(&in)
	if err := web.Read(feedFields, c.Body, func(fd *field.Field, raw []byte) i18n.Text { return fd.SetJSON(v, raw) }); err != nil {
		return nil, err
	}
	data, at, err := in.read()
	if err != nil {
		return nil, err
	}
	m := feed.Meant{Units: in.About == "units", Full: in.Full && in.About != "units", Day: string(in.Date)}
	var k *feed.Kept
	if o := (feed.Options{Reason: in.Reason, Try: in.DryRun, Tell: data.Hear}); in.DryRun {
		k, err = feed.Run(c.Context(), f.site.Store, data.Table(), m, o)
	} else {
		k, err = feed.Receive(c.Context(), f.site.Store, feed.File{Name: string(in.About) + "." + at, Meant: m, Table: data.Table(), Data: data}, o)
	}
	if err != nil {
		return nil, err
	}
	if k.Report.Held && !in.DryRun {
		return nil, problem.Check(problem.Fields{"reason": i18n.Text{"%d af %d ville miste deres adgang. Skriv hvorfor, hvis det er rigtigt, her eller på siden Personalefil, hvor filen venter. Intet er ændret.",
			"%d of %d would lose their access. Say why, if it is right, here or on the page Personnel file, where the file waits. Nothing was changed."}.With(k.Report.Leaving, k.Report.Of)})
	}
	out := FeedAnswer{Rows: k.Report.Rows, Counts: map[string]int{}, Leaving: k.Report.Leaving, Of: k.Report.Of, DryRun: in.DryRun,
		Unknown: append([]string{}, k.Report.Unknown...), NotRead: append([]string{}, k.Report.Secret...),
		Hidden: k.Report.Source.Hidden, Left: append(append([]string{}, k.Report.Source.Left...), k.Report.Source.Covered...), Lines: []FeedLine{}}
	for d, n := range k.Report.Counts {
		out.Counts[string(d)] = n
	}
	for _, l := range k.Lines {
		out.Lines = append(out.Lines, FeedLine{l.Row, l.Key, l.Name, string(l.Did), l.Text.In(i18n.Of(c.Context()))})
	}
	return web.Say(http.StatusOK, out)
}

// read is the file that was sent, and in which form.
func (in *FeedFile) read() (data *feed.Sheet, at string, err error) {
	switch {
	case !in.About.known():
		return nil, "", problem.Field("about", "Skriv people eller units.", "Say people or units.")
	case (in.CSV == "") == (in.XLSX == ""):
		return nil, "", problem.Field("csv", "Send filen som csv eller xlsx.", "Send the file as csv or as xlsx.")
	}
	text, at := in.CSV, "csv"
	if in.XLSX != "" {
		raw, err := base64.StdEncoding.DecodeString(in.XLSX)
		if err != nil {
			return nil, "", problem.Field("xlsx", "Send filen i base64.", "Send the file in base64.")
		}
		text, at = string(raw), "xlsx"
	}
	read, err := sheet.Read(strings.NewReader(text))
	if p := problem.As(err); p != nil {
		return nil, "", problem.Check(problem.Fields{at: p.Text})
	}
	if err != nil {
		return nil, "", err
	}
	return feed.SheetOf(read), at, nil
}

func (a FeedAbout) known() bool { return a == "people" || a == "units" }
