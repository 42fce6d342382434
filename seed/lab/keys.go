package lab

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
)

// keyBits is the size of signing keys: what Okta uses, and a third of the price of 3072 at sign-on.
const keyBits = 2048

// KeyPool hands out RSA keys that were made ahead of time: making one takes some 80 ms, too long for a request.
type KeyPool struct{ ready chan *rsa.PrivateKey }

// NewKeyPool keeps up to size keys ready until ctx ends. It makes one at a time, so that it leaves a core to requests.
func NewKeyPool(ctx context.Context, size int) *KeyPool {
	p := &KeyPool{ready: make(chan *rsa.PrivateKey, size)}
	go func() {
		for ctx.Err() == nil {
			key, err := rsa.GenerateKey(rand.Reader, keyBits)
			if err != nil {
				return
			}
			select {
			case p.ready <- key:
			case <-ctx.Done():
			}
		}
	}()
	return p
}

// Take gives a key that nobody else gets. With an empty pool it makes one itself.
func (p *KeyPool) Take(ctx context.Context) (*rsa.PrivateKey, error) {
	select {
	case key := <-p.ready:
		return key, nil
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return rsa.GenerateKey(rand.Reader, keyBits)
}
