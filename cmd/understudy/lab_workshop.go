package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"understudy/seed/control/api"
	"understudy/seed/control/client"
)

type labJoin struct {
	labFlags
	Nickname string `arg:"" optional:"" help:"Nickname of the attendee. Default: random words."`
}

// Run implements lab join.
func (c *labJoin) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		v, err := to.Join(ctx, c.Nickname)
		if err != nil {
			return err
		}
		return c.print(v, func(add func(...string)) {
			add("Lab", v.Lab)
			add("Nickname", v.Nickname)
			add("PIN", v.PIN)
		})
	})
}

type labResults struct{ labFlags }

// Run implements lab results.
func (c *labResults) Run(ctx context.Context) error {
	return c.with(func(to *client.Client) error {
		list, err := to.Results(ctx)
		if err != nil {
			return err
		}
		return c.print(list, func(add func(...string)) {
			add("LAB", "ATTENDEE", "COMPLETED", "NEXT STEP", "TIME", "MISTAKES", "FAULTS")
			for _, r := range list {
				var faults []string
				for _, f := range r.Faults {
					faults = append(faults, f.Fault+": "+f.Outcome)
				}
				add(r.Lab, r.Nickname, fmt.Sprintf("%d of %d", r.Done, r.Total), r.Current,
					(time.Duration(r.Seconds) * time.Second).String(), strconv.Itoa(len(r.Mistakes)), strings.Join(faults, ", "))
			}
		})
	})
}

type labJobs struct {
	labFlags
	ID     int64 `arg:"" optional:"" help:"Job to show. Default: list all jobs."`
	Cancel bool  `help:"Cancel the job after the labs that it works on at this moment."`
}

// Run implements lab jobs.
func (c *labJobs) Run(ctx context.Context) error {
	if c.Cancel && c.ID == 0 {
		return errors.New("--cancel needs the number of a job: understudy lab jobs 7 --cancel")
	}
	return c.with(func(to *client.Client) error {
		if c.ID == 0 {
			list, err := to.Jobs(ctx)
			if err != nil {
				return err
			}
			return c.print(list, func(add func(...string)) { addJobs(add, list...) })
		}
		look := to.Job
		if c.Cancel {
			look = to.CancelJob
		}
		j, err := look(ctx, c.ID)
		if err != nil {
			return err
		}
		return c.print(j, func(add func(...string)) {
			addJobs(add, j)
			for _, failure := range j.Failures {
				add("", "", "", "", failure)
			}
		})
	})
}

func addJobs(add func(...string), list ...api.Job) {
	add("JOB", "AT", "BY", "LABS", "ACTION", "STATE")
	for _, j := range list {
		add(strconv.FormatInt(j.ID, 10), j.At.Format(time.RFC3339), j.Who, fmt.Sprintf("%d of %d", j.Finished, j.Total), j.What, j.State)
	}
}
