package provision_test

import (
	"testing"
)

func TestCreate(t *testing.T) {
	w := newWorld(t)
	w.far.want()
	w.assign(maya)
	w.far.want(`GET /Users?filter=userName eq "maya.rivers@lab.example"&startIndex=1&count=100`, "POST /Users")
}
