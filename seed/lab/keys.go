package lab

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"
	"time"
)

// keyBits is the size of signing keys, as Okta uses it. A signature costs a third of one with 3072 bits.
const keyBits = 2048

// KeyPool provides RSA keys that are generated in advance: generating one takes some 80 ms, too long for a request.
type KeyPool struct {
	ready chan *rsa.PrivateKey
	spare chan *rsa.PrivateKey // used when ready is empty
	only  bool                 // Take waits for ready instead of generating a key
}

// keysSpare is the number of keys that are kept ready after the expected number was generated. Generating many more would take
// a core from a workshop for half a minute.
const keysSpare = 4

// keysDelay is how long a new pool waits before it generates keys, so that it does not slow down the start of the server.
const keysDelay = 300 * time.Millisecond

// NewKeyPool generates the expected number of keys and afterwards keeps a few ready, until ctx ends. It generates one key at a
// time, so that other cores are free for requests.
func NewKeyPool(ctx context.Context, expected int) *KeyPool {
	p := &KeyPool{ready: make(chan *rsa.PrivateKey, expected), spare: make(chan *rsa.PrivateKey, min(expected, keysSpare))}
	go func() {
		select {
		case <-time.After(keysDelay):
		case <-ctx.Done():
		}
		for made := 0; ctx.Err() == nil; made++ {
			key, err := rsa.GenerateKey(rand.Reader, keyBits)
			if err != nil {
				return
			}
			to := p.ready
			if made >= expected {
				to = p.spare
			}
			select {
			case to <- key:
			case <-ctx.Done():
			}
		}
	}()
	return p
}

// Ready returns the number of generated keys.
func (p *KeyPool) Ready() int {
	if p == nil {
		return 0
	}
	return len(p.ready) + len(p.spare)
}

// NewRepeatableKeys returns a pool that provides the same keys in the same order every time, for labs that are opened for
// pictures. Such keys are predictable: never for people.
func NewRepeatableKeys(ctx context.Context, seed string) *KeyPool {
	p := &KeyPool{ready: make(chan *rsa.PrivateKey), only: true}
	go func() {
		for n := 0; ctx.Err() == nil; n++ {
			select {
			case p.ready <- repeatableKey(fmt.Sprint(seed, "\x00", n)):
			case <-ctx.Done():
			}
		}
	}()
	return p
}

// repeatableKey derives a key from a seed. rsa.GenerateKey cannot do this: its result is random for every source.
func repeatableKey(seed string) *rsa.PrivateKey {
	stream := sha256.Sum256([]byte(seed))
	prime := func() *big.Int {
		for {
			var b []byte
			for len(b) < keyBits/16 {
				stream = sha256.Sum256(stream[:])
				b = append(b, stream[:]...)
			}
			b[0] |= 0xc0 // the product of two such primes has keyBits bits
			b[len(b)-1] |= 1
			if p := new(big.Int).SetBytes(b); p.ProbablyPrime(20) {
				return p
			}
		}
	}
	one, e := big.NewInt(1), big.NewInt(65537)
	for {
		p, q := prime(), prime()
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(e, phi)
		if d == nil || p.Cmp(q) == 0 {
			continue
		}
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: int(e.Int64())}, D: d, Primes: []*big.Int{p, q}}
		key.Precompute()
		if key.Validate() == nil {
			return key
		}
	}
}

// Take returns a key and removes it from the pool. It generates a key when the pool is empty.
func (p *KeyPool) Take(ctx context.Context) (*rsa.PrivateKey, error) {
	if p.only {
		select {
		case key := <-p.ready:
			return key, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	select {
	case key := <-p.ready:
		return key, nil
	case key := <-p.spare:
		return key, nil
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return rsa.GenerateKey(rand.Reader, keyBits)
}
