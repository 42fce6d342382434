package attempt

import (
	"fmt"
	"testing"
	"time"
)

// bucket returns a bucket of five guesses, and one more every twelve seconds.
func bucket(key string) Bucket { return Bucket{Key: key, Burst: 5, Every: 12 * time.Second} }

func TestWrongGuessesAreLimitedAndRightOnesAreNot(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := New(func() time.Time { return now })
	for i := range 300 { // a workshop behind one router
		right, err := limits.Take(bucket("code 10.0.0.1"))
		if err != nil {
			t.Fatalf("right code number %d is refused", i+1)
		}
		right.Refund()
	}
	allowed := func() (n int) {
		for range 100 {
			if _, err := limits.Take(bucket("pin 10.0.0.1")); err == nil {
				n++
			}
		}
		return n
	}
	if n := allowed(); n != 5 {
		t.Errorf("%d guesses at once, want 5", n)
	}
	now = now.Add(time.Minute)
	if n := allowed(); n != 5 {
		t.Errorf("%d guesses one minute later, want 5", n)
	}
	now = now.Add(13 * time.Second)
	if n := allowed(); n != 1 {
		t.Errorf("%d guesses 13 seconds later, want 1", n)
	}
	if _, err := limits.Take(bucket("pin 10.0.0.2")); err != nil {
		t.Error("another client is limited, too")
	}
	for i := range 3 * maxBuckets {
		if _, err := limits.Take(bucket(fmt.Sprint(i))); err != nil || len(limits.byKey) > maxBuckets {
			t.Fatal(i, err, len(limits.byKey))
		}
	}
}

// A right guess that takes a while to check, such as a bcrypt hash, is refunded although other guesses came meanwhile.
func TestRefundAfterOtherGuesses(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := New(func() time.Time { return now })
	for i := range 300 {
		slow, err := limits.Take(bucket("password 10.0.0.1"))
		if err != nil {
			t.Fatalf("right password number %d is refused", i+1)
		}
		now = now.Add(60 * time.Millisecond)
		fast, err := limits.Take(bucket("password 10.0.0.1"))
		if err != nil {
			t.Fatalf("right password number %d at the same time is refused", i+1)
		}
		fast.Refund()
		slow.Refund()
	}
}

// A guess that its own bucket refuses does not count in the shared ones, and an empty shared bucket refuses nobody: it makes guesses
// cost half of the own bucket.
func TestSharedBucketsSlowGuessesAndRefuseNone(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := New(func() time.Time { return now })
	shared := Bucket{Key: "all", Burst: 20, Every: time.Hour}
	wrong := func(own string, n int) (allowed int) {
		for range n {
			if limits.Count(false, bucket(own), shared) == nil {
				allowed++
			}
		}
		return allowed
	}
	if n := wrong("first", 100); n != 5 {
		t.Errorf("%d guesses of the first, want 5", n)
	}
	for i := range 3 { // 15 of 20 are left only if refused guesses did not count
		if n := wrong(fmt.Sprint("other ", i), 100); n != 5 {
			t.Errorf("%d guesses of another, want 5", n)
		}
	}
	for i := range 50 {
		if n := wrong(fmt.Sprint("late ", i), 100); n != 1 {
			t.Fatalf("%d guesses at the cost of three of five, want 1", n)
		}
	}
	for i := range 300 {
		if err := limits.Count(true, bucket("newcomer"), shared); err != nil {
			t.Fatalf("right guess number %d of somebody who has not guessed before: %v", i+1, err)
		}
	}
	if err := limits.Count(true, bucket("late 1"), shared); err == nil {
		t.Error("a right guess is accepted although the own bucket is empty, so guessing has no limit")
	}
}

// Invented keys do not give back what others have used, as long as they leave room.
func TestRoomForKeysComesFromFullBuckets(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := New(func() time.Time { return now })
	for range 5 {
		_ = limits.Count(false, bucket("guesser"))
	}
	for i := range 2 * maxBuckets {
		_ = limits.Count(true, bucket(fmt.Sprint(i)))
	}
	if limits.Count(false, bucket("guesser")) == nil {
		t.Error("invented keys have filled a bucket that was empty")
	}
}

func TestNetworkOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		"192.168.1.20": "192.168.1.20", "::ffff:192.168.1.20": "192.168.1.20", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "unknown": "unknown", "": "",
	} {
		if got := Network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
