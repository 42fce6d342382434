package lab

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"
)

// keyBits is the size of signing keys: what Okta uses, and a third of the price of 3072 at sign-on.
const keyBits = 2048

// KeyPool hands out RSA keys that were made ahead of time: making one takes some 80 ms, too long for a request.
type KeyPool struct {
	ready chan *rsa.PrivateKey
	spare chan *rsa.PrivateKey // for those who come when ready is used up
	only  bool                 // nothing but what comes from ready
}

// keysSpare is how many keys are kept once all that were expected to be needed are made. To make as many again while a
// room of people is at work would take a core from them for half a minute, and nobody would need them.
const keysSpare = 4

// NewKeyPool makes keys for so many as are expected, and keeps a few ready afterwards, until ctx ends. It makes one at a
// time, so that it leaves a core to requests.
func NewKeyPool(ctx context.Context, expected int) *KeyPool {
	p := &KeyPool{ready: make(chan *rsa.PrivateKey, expected), spare: make(chan *rsa.PrivateKey, min(expected, keysSpare))}
	go func() {
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

// Ready is how many keys can be had at once.
func (p *KeyPool) Ready() int {
	if p == nil {
		return 0
	}
	return len(p.ready) + len(p.spare)
}

// NewRepeatableKeys hands out the same keys in the same order every time, for labs that are opened for pictures. They are
// known to everybody: never for people.
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

// repeatableKey derives a key from a seed. The standard library refuses to: its keys are random whatever source it is given.
func repeatableKey(seed string) *rsa.PrivateKey {
	stream := sha256.Sum256([]byte(seed))
	prime := func() *big.Int {
		for {
			var b []byte
			for len(b) < keyBits/16 {
				stream = sha256.Sum256(stream[:])
				b = append(b, stream[:]...)
			}
			b[0] |= 0xc0 // two of them give keyBits bits
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

// Take gives a key that nobody else gets. With an empty pool it makes one itself.
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
