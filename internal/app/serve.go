package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/comment"
	"vaern/internal/demo"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/register/attention"
	"vaern/internal/register/webhook"
	"vaern/internal/signin"
	"vaern/internal/web"
	"vaern/internal/web/kit"
	assets "vaern/web"
)

type serve struct {
	place
	Listen      string `help:"Address to listen on." default:"127.0.0.1:8080"`
	Demo        bool   `help:"Fill an empty database with an invented municipality."`
	URL         string `help:"The public address, for links; https makes cookies safe."`
	Proxy       bool   `help:"A trusted proxy stands before; the address it tells is the visitor's."`
	MetricsOpen bool   `help:"Let others than this machine read /metrics."`
	post

	WebhookNetwork []netip.Prefix `help:"A network that is not on the internet and that webhooks may be sent to, such as 10.20.0.0/16." placeholder:"CIDR"`
	backups
}

// now is the program's clock: the one place where the time comes from.
func now() time.Time { return time.Now() }

func today() string { return now().In(i18n.Zone).Format(time.DateOnly) }

// Run serves until it is told to stop, and finishes what it began.
func (c *serve) Run(call *call) error {
	slog.SetDefault(slog.New(slog.NewJSONHandler(call.err, nil)))
	t, err := c.town(call)
	if err != nil {
		return err
	}
	defer t.Close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", c.Listen, err)
	}
	if err := c.ready(t, c.URL); err != nil {
		return err
	}
	readPDFs(c.Data)
	site, guests := c.site(t)
	server := &http.Server{
		Handler: site, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	work, stop := context.WithCancel(context.WithoutCancel(call))
	defer stop()
	if c.To != "" {
		if err := c.daily(work, t, call.build.Version); err != nil {
			return err
		}
	}
	jobs := t.work(work)
	hooks := webhook.NewSender(t.Store, t.engine.Modules, c.WebhookNetwork, nil)
	hooks.Sent = t.meters.told
	jobs.Go(func() { t.tell(work, hooks, jobs) })
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	c.greet(call.out, listener.Addr(), t, guests)
	select {
	case err = <-failed:
	case <-call.Done():
		ending, cancel := context.WithTimeout(context.WithoutCancel(call), 20*time.Second)
		defer cancel()
		err = server.Shutdown(ending)
	}
	stop()
	t.desk.Close() // what is under way goes on at the next start
	jobs.Wait()
	if signErr := t.sign(context.WithoutCancel(call)); signErr != nil {
		err = errors.Join(err, signErr)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// town opens the municipality; a demo fills itself the first time.
func (c *serve) town(ctx context.Context) (*town, error) {
	if !c.Demo {
		return c.open(ctx)
	}
	clock := demo.NewClock(now)
	t, err := c.prepare(ctx, clock.Now)
	if err != nil {
		return nil, err
	}
	if err = t.fill(ctx, c.Data, clock); err == nil {
		err = t.know(ctx, c.Data)
	}
	if err == nil && !t.demo {
		err = errors.New("this is a real municipality; start it without --demo")
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// fill makes the invented municipality in an empty database. The ledger is
// signed when all of it is there: without a signature it was cut short.
func (t *town) fill(ctx context.Context, data string, clock *demo.Clock) error {
	origin, head, err := t.ledger(ctx)
	switch {
	case err != nil:
		return err
	case head.Size > 0 && head.Signed == 0 && ledger.Demo(origin):
		return halfFilled(data)
	case head.Size > 0:
		return nil
	}
	if err := t.begin(ctx, data, true); err != nil {
		return err
	}
	if err := demo.Seed(ctx, t.Store, t.engine, clock, t.everything()); err != nil {
		if ctx.Err() != nil {
			return halfFilled(data)
		}
		return err
	}
	return t.sign(ctx)
}

func halfFilled(data string) error {
	return fmt.Errorf("the demo was stopped while it was being filled; remove the folder %s (on PostgreSQL the database as well) and start again", data)
}

// site is everything that is served, and who may try it.
func (c *serve) site(t *town) (http.Handler, []signin.Guest) {
	site, guests := c.hang(t, t.door.Who)
	return c.watched(t, site), guests
}

// hang hangs everything on one site; who says who is asking.
func (c *serve) hang(t *town, who web.Who) (*web.Site, []signin.Guest) {
	site := web.New(t.Store, who)
	t.desk, site.Work.Who = site.Work, t.actor
	site.Name, site.Demo, site.Public, site.Secure = t.name, t.demo, c.URL, strings.HasPrefix(c.URL, "https://")
	var guests []signin.Guest
	if t.demo {
		guests = demo.Guests(today())
	}
	for _, m := range t.engine.Modules {
		if m.Mount != nil {
			m.Mount(site)
		}
	}
	attention.Mount(site, t.engine.Tasks, t.way())
	t.search.Mount(site)
	(&kit.Around{Modules: t.engine.Modules, Files: c.shelf(t), Board: comment.Board{Store: t.Store, Sees: t.sees}}).Mount(site)
	t.door.Mount(site, guests, c.Proxy)
	kit.Pick(site, func(kind string) access.Permission { return access.Permission(kind + ".see") })
	site.Static("/assets/", assets.Handler())
	return site, guests
}

func (c *serve) greet(out io.Writer, at net.Addr, t *town, guests []signin.Guest) {
	fmt.Fprintf(out, "%s: Værn er klar på http://%s\n", t.name, at)
	if len(guests) == 0 {
		return
	}
	fmt.Fprintf(out, "\nLog ind som en af disse. Adgangskoden er %s for dem alle.\n", demo.Password)
	for _, g := range guests {
		fmt.Fprintf(out, "  %-38s %s\n", g.Mail, g.What)
	}
}
