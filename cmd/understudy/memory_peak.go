package main

import (
	"fmt"
	"time"
)

// peakMemory is the largest memory of this process, and of all processes that it has started, while a function runs.
type peakMemory struct{ own, tree int64 }

// memorySampled is the time between two measurements. One takes a few milliseconds of one core.
const memorySampled = 500 * time.Millisecond

// measurePeak runs f and measures the memory meanwhile.
func measurePeak(f func() error) (peak peakMemory, err error) {
	done := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(memorySampled)
		defer tick.Stop()
		for {
			own, tree := treeMemory()
			peak.own, peak.tree = max(peak.own, own), max(peak.tree, tree)
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	}()
	err = f()
	close(done)
	<-finished
	return peak, err
}

// String is empty where memory cannot be measured.
func (p peakMemory) String() string {
	if p.tree == 0 {
		return ""
	}
	return fmt.Sprintf("memory: at most %d MB, and %d MB with the browsers", p.own>>20, p.tree>>20)
}
