package notify

import (
	"cmp"
	"fmt"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/task"
)

// words are pieces of a mail in its language.
var (
	oneTask   = i18n.Text{"opgave venter på dig", "task waits for you"}
	manyTasks = i18n.Text{"opgaver venter på dig", "tasks wait for you"}
	news      = i18n.Text{"Nyt til dig i Værn", "News for you in Værn"}
)

// subject names a text that waits alone: its reader may never have heard of
// Værn, and need not sign in to see what it is about.
func (p *present) subject() string {
	switch {
	case len(p.tasks) == 0:
		return news.In(p.Lang)
	case len(p.tasks) == 1 && p.doors[0] != "":
		return p.tasks[0].Act.In(p.Lang) + ": " + line(p.tasks[0].Title)
	}
	return p.Lang.Plural(int64(len(p.tasks)), oneTask, manyTasks)
}

// why says why the mail came: what of it is so.
func (p *present) why() string {
	if len(p.tasks) == 0 {
		return i18n.Text{"der er nyt om noget, du har med at gøre.", "there is news about something you deal with."}.In(p.Lang)
	}
	if len(p.tasks) == 1 {
		return i18n.Text{"opgaven hører til dig eller din stilling. Når den er udført, hører du ikke mere om den.", "the task is yours or your position's. Once it is done, you hear no more of it."}.In(p.Lang)
	}
	return i18n.Text{"opgaverne hører til dig eller din stilling. Når de er udført, hører du ikke mere om dem.", "the tasks are yours or your position's. Once they are done, you hear no more of them."}.In(p.Lang)
}

// text is the day's mail: first what is new, then what waits and what to do
// about it, the most important first and no more than seven.
func (d *Digest) text(p *present) string {
	var b strings.Builder
	say := func(da, en string, values ...any) { fmt.Fprintf(&b, i18n.Text{da, en}.In(p.Lang)+"\n", values...) }
	say("Hej %s", "Dear %s", p.name)
	for _, n := range p.news() {
		if n.Task == "" {
			fmt.Fprintf(&b, "\n%s\n%s\n%s%s\n", n.Text.In(p.Lang), n.Why.In(p.Lang), d.Base, n.Path)
		}
	}
	if len(p.tasks) == 0 {
		return b.String()
	}
	say("\n%s, ca. %d min. i alt:", "\n%s, about %d min. in all:", p.Lang.Plural(int64(len(p.tasks)), oneTask, manyTasks), task.Minutes(p.tasks))
	for i, t := range p.tasks {
		door := p.doors[i]
		if i >= task.Few && door == "" {
			continue
		}
		fmt.Fprintf(&b, "\n%d. %s\n   %s\n   %s%s: %s%s\n", i+1, line(t.Title), t.Why.In(p.Lang), due(t, p.Lang), t.Act.In(p.Lang), d.Base, cmp.Or(door, t.Path))
		if door != "" {
			say("   Du skal ikke logge ind. Linket er kun til dig, så send det ikke videre.", "   You need not sign in. The link is for you alone, so do not pass it on.")
		}
	}
	if len(p.tasks) > task.Few {
		say("\nSe dem alle: %s/tasks", "\nSee them all: %s/tasks", d.Base)
	}
	return b.String()
}

func due(t task.Task, l i18n.Lang) string {
	text := i18n.Text{"Frist: %s", "Due %s"}
	switch {
	case t.Due == "":
		return ""
	case t.Late > 0:
		text = i18n.Text{"Fristen var %s", "Was due %s"}
	case t.Late == 0:
		text = i18n.Text{"Frist: i dag, %s", "Due today, %s"}
	}
	return fmt.Sprintf(text.In(l), l.Date(t.Due)) + "\n   "
}

func line(text string) string { return strings.Join(strings.Fields(text), " ") }
