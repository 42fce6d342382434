// Package keytest provides RSA keys for tests. Generating a key takes a tenth of a second of processor time, so all tests of a
// process share the keys.
package keytest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// bits is the size of the signing keys of a lab.
const bits = 2048

var (
	mu     sync.Mutex
	shared []*rsa.PrivateKey
)

// Source returns a source of keys. Each source provides the same keys in the same order, and no key twice: the keys of one server
// differ, those of two servers do not. A source may be used by several goroutines.
func Source() func(context.Context) (*rsa.PrivateKey, error) {
	taken := 0
	return func(context.Context) (*rsa.PrivateKey, error) {
		mu.Lock()
		defer mu.Unlock()
		if taken == len(shared) {
			key, err := rsa.GenerateKey(rand.Reader, bits)
			if err != nil {
				return nil, err
			}
			shared = append(shared, key)
		}
		taken++
		return shared[taken-1], nil
	}
}
