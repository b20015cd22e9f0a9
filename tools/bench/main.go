// Command bench runs the benchmarks that goals are set for, on SQLite and on
// PostgreSQL, and lays their figures out beside the goals and beside a bare
// baseline of the same run. make bench calls it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// figures are what the benchmarks said: name without "Benchmark" → unit → value.
type figures map[string]map[string]float64

// findings are all that a run found.
type findings struct {
	Figures  figures
	Profiles map[string]profile // by benchmark
}

func main() {
	out := flag.String("out", "", "file to write the tables to as well; none for only printing them")
	only := flag.String("only", "", "run only the suites whose benchmark has this in its name; the rest is as it was found last")
	day := flag.String("day", "a day that was not told", "the day, for the page")
	long := flag.Bool("long", false, "an hour of load instead of ten minutes, and a million leaves")
	flag.Parse()
	if os.Getenv("TEST_POSTGRES") == "" {
		fmt.Fprintln(os.Stderr, "TEST_POSTGRES names no server: PostgreSQL is left out. make bench starts one.")
	}
	if err := measure(*only, *out, *day, *long); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// last keeps the figures of the last run.
const last = "bin/bench.json"

func measure(only, out, day string, long bool) error {
	found := findings{figures{}, map[string]profile{}}
	for _, s := range suites {
		if !strings.Contains(s.bench, only) {
			continue
		}
		if err := s.run(found, long); err != nil {
			return fmt.Errorf("%s %s: %w", s.in, s.bench, err)
		}
	}
	all := findings{figures{}, map[string]profile{}}
	if text, err := os.ReadFile(last); err == nil && only != "" {
		if err := json.Unmarshal(text, &all); err != nil {
			return fmt.Errorf("%s: %w", last, err)
		}
	}
	maps.Copy(all.Figures, found.Figures)
	maps.Copy(all.Profiles, found.Profiles)
	kept, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(last, kept, 0o644)
	}
	if err != nil {
		return err
	}
	text := report(all, machine(), day)
	fmt.Print(text)
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(text), 0o644)
}

// run runs a suite, and adds what it said.
func (s suite) run(found findings, long bool) error {
	times := s.times
	if times == "" {
		times = "1x"
	}
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark"+s.bench+"$", "-benchtime", times, "-timeout", "3h", s.in)
	cmd.Env = append(os.Environ(), "VAERN_IDENTITIES=650000")
	if long {
		cmd.Env = append(cmd.Env, "VAERN_LOAD=1h", "VAERN_LEAVES=1000000")
	}
	computes := func() (profile, error) { return nil, nil }
	if s.done != "" {
		var done func()
		var err error
		if computes, done, err = profiled(cmd); err != nil {
			return err
		}
		defer done()
	}
	cmd.Stderr = os.Stderr
	said, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	all, rest := read(said)
	maps.Copy(found.Figures, all)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%w\n%s", err, rest)
	}
	if found.Profiles[s.bench], err = computes(); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	fmt.Fprintf(os.Stderr, "%-22s %4d figures\n", s.bench, len(all))
	return nil
}

var result = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

// read reads what go test says: the figures, and all other lines.
func read(said io.Reader) (figures, string) {
	found, rest := figures{}, ""
	for lines := bufio.NewScanner(said); lines.Scan(); {
		m := result.FindStringSubmatch(lines.Text())
		if m == nil {
			rest += lines.Text() + "\n"
			continue
		}
		of := map[string]float64{}
		words := strings.Fields(m[2])
		for i := 0; i+1 < len(words); i += 2 {
			if n, err := strconv.ParseFloat(words[i], 64); err == nil {
				of[words[i+1]] = n
			}
		}
		found[m[1]] = of
	}
	return found, rest
}

// machine says what the figures were measured on.
func machine() string {
	said := "a machine that does not say what it is"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		cores := strings.Count(string(text), "processor\t")
		model := regexp.MustCompile(`model name\s*: (.*)`).FindStringSubmatch(string(text))
		if model != nil {
			said = fmt.Sprintf("%d cores of %s", cores, strings.TrimSpace(model[1]))
		}
	}
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if m := regexp.MustCompile(`MemTotal:\s+(\d+) kB`).FindStringSubmatch(string(text)); m != nil {
			kb, _ := strconv.Atoi(m[1])
			said += fmt.Sprintf(", %d GB of memory", (kb+500_000)/1_000_000)
		}
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		said += fmt.Sprintf(", on which %s programs wanted to compute at a time", strings.Fields(string(text))[2])
	}
	return said
}
