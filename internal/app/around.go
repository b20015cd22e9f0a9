package app

import (
	"context"
	"path/filepath"

	"vaern/internal/access"
	"vaern/internal/attach"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// shelf is where the content of files is kept: in the folder beside the
// embedded database, or in the database that all nodes share.
func (c *serve) shelf(t *town) attach.Store {
	if c.Database != "" {
		return attach.Store{Store: t.Store, Shelf: attach.Table{}}
	}
	return attach.Store{Store: t.Store, Shelf: attach.Folder(filepath.Join(t.data, "files"))}
}

// sees reports whether a person may see a record, as that person would.
func (t *town) sees(ctx context.Context, person string, about ref.Ref) (bool, error) {
	var actor access.Actor
	err := t.Peek(ctx, func(q *store.Read) (err error) {
		actor, err = t.door.Roles.Actor(q, person)
		return err
	})
	see := access.Permission(about.Kind + ".see")
	if err == nil && actor.Can(see) {
		err = t.View(access.With(ctx, actor), see, func(q *store.Read) error {
			_, _, err := record.Reached(q, about)
			return err
		})
		if err == nil {
			return true, nil
		}
	}
	if err != nil && problem.Of(err) != problem.NotFound {
		return false, err
	}
	return false, nil
}
