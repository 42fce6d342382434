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

// A guess that one of its buckets refuses does not count in the others.
func TestRefusedGuessesCountInNoBucket(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	limits := New(func() time.Time { return now })
	for range 20 {
		_, _ = limits.Take(bucket("mine"), bucket("ours")) // five succeed
	}
	if _, err := limits.Take(bucket("ours")); err == nil {
		t.Error("the shared bucket is not empty after five guesses")
	}
	now = now.Add(time.Minute)
	for range 20 {
		_, _ = limits.Take(bucket("ours"), bucket("mine"), Bucket{Key: "none", Burst: 0, Every: time.Hour})
	}
	for i := range 5 {
		if _, err := limits.Take(bucket("ours"), bucket("mine")); err != nil {
			t.Errorf("guess %d: %v", i, err)
		}
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
