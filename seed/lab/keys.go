package lab

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"
	"sync"
	"sync/atomic"
	"time"
)

// keyBits is the size of signing keys, as Okta uses it. A signature costs a third of one with 3072 bits.
const keyBits = 2048

// KeyPool provides RSA keys that are generated in advance: generating one takes some 80 ms, too long for a request.
type KeyPool struct {
	ready chan *rsa.PrivateKey
	spare chan *rsa.PrivateKey                           // used when ready is empty
	from  func(context.Context) (*rsa.PrivateKey, error) // where Take gets keys from instead; nil: ready, spare, or a new one
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

// KeysFrom returns a pool that asks a function for each key and generates none, so that the tests of a process share keys.
func KeysFrom(next func(context.Context) (*rsa.PrivateKey, error)) *KeyPool {
	return &KeyPool{from: next}
}

// NewRepeatableKeys returns a pool that provides the same keys in the same order every time, for labs that are opened for
// pictures. Such keys are predictable: never for people.
func NewRepeatableKeys(seed string) *KeyPool {
	var n atomic.Int64
	return KeysFrom(func(ctx context.Context) (*rsa.PrivateKey, error) {
		return repeatableKey(fmt.Sprint(seed, "\x00", n.Add(1)-1)), ctx.Err()
	})
}

// repeatable has the keys that repeatableKey has derived: a command that draws pictures opens many labs with the same keys.
var repeatable = struct {
	sync.Mutex
	keys map[string]*rsa.PrivateKey // by seed
}{keys: map[string]*rsa.PrivateKey{}}

// repeatableKey returns the key of a seed.
func repeatableKey(seed string) *rsa.PrivateKey {
	repeatable.Lock()
	defer repeatable.Unlock()
	if repeatable.keys[seed] == nil {
		repeatable.keys[seed] = deriveKey(seed)
	}
	return repeatable.keys[seed]
}

// deriveKey derives a key from a seed. rsa.GenerateKey cannot do this: its result is random for every source.
func deriveKey(seed string) *rsa.PrivateKey {
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
	if p.from != nil {
		return p.from(ctx)
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
