package workshop

import (
	"crypto/rand"
	"math/big"
	"strings"
)

// words are short and easy to say and to type. No word is the beginning of another word.
var words = strings.Fields(`
	amber anchor apple arrow autumn badge basil beacon birch bottle branch bridge button candle canvas
	castle cedar cherry circle clover cobalt comet copper coral cotton crane cricket crystal dahlia
	daisy delta dragon ember falcon fennel fern fiddle flint forest garden ginger globe granite harbor
	hazel heron honey indigo island ivory jasmine juniper kettle ladder lagoon lantern lemon lilac linen
	lotus magnet mango maple marble meadow mellow mint mirror nectar nickel nutmeg ocean olive onyx
	orchid otter paper parrot pebble pepper piano pine planet plum pocket prairie puffin quartz quill
	raven ribbon river rocket saddle saffron sailor sand scarlet shadow silver sparrow spruce summit
	sunset swallow tango thistle timber topaz tulip tunnel turnip umber valley velvet violet walnut
	willow window winter yarrow zephyr`)

// randomWords returns n words of the list, joined by hyphens. It uses crypto/rand because codes and passwords are secret.
func randomWords(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = words[randomInt(len(words))]
	}
	return strings.Join(parts, "-")
}

// randomInt returns a random number from 0 to n-1.
func randomInt(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand.Reader never returns an error
	}
	return int(i.Int64())
}
