package kit

import (
	"net/http"
	"strconv"

	"vaern/internal/comment"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

var commentPage = web.NewPage[*commentView](pages, "on_comment")

type commentView struct {
	around
	Said  []said
	Typed string // what was written and not saved
	Which string // the comment that is being corrected, "" for a new one
	Wrong string
}

// said is a comment as people read it.
type said struct {
	comment.Comment
	Who    string
	Pieces []comment.Piece
	Typed  string // as its author typed it
	Wrong  string
}

func (d *Around) comments(w http.ResponseWriter, r *http.Request) error {
	return d.showComments(w, r, http.StatusOK, &commentView{Which: r.URL.Query().Get("correct")})
}

func (d *Around) showComments(w http.ResponseWriter, r *http.Request, code int, v *commentView) error {
	head, err := d.open(r, tabComments, &v.around, func(q *store.Read) (int, error) {
		all, err := comment.Of(q, onRecord(r))
		if err != nil {
			return 0, err
		}
		names, err := comment.Names(q, all)
		for _, c := range all {
			v.Said = append(v.Said, tell(c, names))
		}
		return -1, err
	})
	if err != nil {
		return err
	}
	v.Wrong = v.wrong("text")
	for i := range v.Said {
		if v.Said[i].ID == v.Which && v.Typed != "" {
			v.Said[i].Typed, v.Said[i].Wrong = v.Typed, v.Wrong
		}
	}
	return commentPage.Show(d.site, w, r, code, head, v)
}

func tell(c comment.Comment, names map[string]record.Called) said {
	return said{Comment: c, Who: names[c.Person].Title, Pieces: comment.Pieces(c.Text, names), Typed: comment.Typed(c.Text, names)}
}

func (d *Around) say(w http.ResponseWriter, r *http.Request) error {
	text := r.PostFormValue("text")
	err := d.mayBe(r)
	if err == nil {
		err = d.Board.Say(r.Context(), onRecord(r), text)
	}
	return d.commented(w, r, err, &commentView{Typed: text}, i18n.Text{"Kommentaren er gemt.", "The comment was saved."})
}

func (d *Around) correct(w http.ResponseWriter, r *http.Request) error {
	text := r.PostFormValue("text")
	err := d.mayBe(r)
	if err == nil {
		err = d.Board.Correct(r.Context(), onRecord(r), seenComment(r), text)
	}
	return d.commented(w, r, err, &commentView{Typed: text, Which: r.PathValue("comment")}, i18n.Text{"Kommentaren er rettet.", "The comment was corrected."})
}

func (d *Around) withdraw(w http.ResponseWriter, r *http.Request) error {
	err := d.mayBe(r)
	if err == nil {
		err = d.Board.Withdraw(r.Context(), onRecord(r), seenComment(r))
	}
	return d.commented(w, r, err, &commentView{}, i18n.Text{"Kommentaren er trukket tilbage.", "The comment was withdrawn."})
}

// seen takes a comment off what waits for the person whom it mentions.
func (d *Around) seen(w http.ResponseWriter, r *http.Request) error {
	err := d.mayBe(r)
	if err == nil {
		err = d.Board.Seen(r.Context(), onRecord(r), r.PathValue("comment"))
	}
	if err != nil {
		return refusedAsAbsent(err)
	}
	return d.site.Done(w, r, "/on/"+onRecord(r).String()+"/comment", i18n.Text{"Kommentaren venter ikke længere på dig.", "The comment no longer waits for you."})
}

func seenComment(r *http.Request) comment.Comment {
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // no version is 0
	return comment.Comment{ID: r.PathValue("comment"), Version: version}
}

func (d *Around) commented(w http.ResponseWriter, r *http.Request, err error, v *commentView, done i18n.Text) error {
	var code int
	var ask bool
	if v.Errors, code, ask = again(r, err); ask {
		return d.showComments(w, r, code, v)
	}
	if err != nil {
		return refusedAsAbsent(err)
	}
	return d.site.Done(w, r, "/on/"+onRecord(r).String()+"/comment", done)
}

// mayBe refuses a kind that is not there.
func (d *Around) mayBe(r *http.Request) error {
	_, err := d.kind(r.PathValue("kind"))
	return err
}

// refusedAsAbsent hides whether a record of another's is there.
func refusedAsAbsent(err error) error {
	if problem.Of(err) == problem.Forbidden {
		return problem.Missing()
	}
	return err
}
