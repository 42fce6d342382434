package expression

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var convertFunctions = map[string]function{
	"Convert.toInt":            {1, 1, numberType, toInt, nil},
	"Convert.toNum":            {1, 1, numberType, toNum, nil},
	"Iso3166Convert.toAlpha2":  {1, 1, textType, country(language.Region.String), nil},
	"Iso3166Convert.toAlpha3":  {1, 1, textType, country(language.Region.ISO3), nil},
	"Iso3166Convert.toNumeric": {1, 1, textType, country(numericCode), nil},
	"Iso3166Convert.toName":    {1, 1, textType, country(countryName), nil},
}

// toInt rounds a number to the nearest integer.
func toInt(_ *evaluation, args []any) (any, error) {
	number, err := numberOf(args[0])
	if f, decimal := number.(float64); decimal && err == nil {
		if f = math.Floor(f + 0.5); math.Abs(f) >= 1<<63 {
			return nil, errors.New("the number is too large for an integer")
		}
		return int64(f), nil
	}
	return number, err
}

func toNum(_ *evaluation, args []any) (any, error) {
	number, err := numberOf(args[0])
	if err != nil {
		return nil, err
	}
	return floatOf(number), nil
}

// country adapts a function of a country, which is given by its code of two letters, three letters or three digits
// (ISO 3166-1). A missing code has no value.
func country(f func(language.Region) string) func(*evaluation, []any) (any, error) {
	return func(_ *evaluation, args []any) (any, error) {
		code := strings.TrimSpace(textOf(args[0]))
		if code == "" {
			return nil, nil
		}
		region, err := parseCountry(code)
		if err != nil || !region.IsCountry() {
			return nil, errors.New("“" + clip(code) + "” is not a country code of ISO 3166-1")
		}
		return f(region), nil
	}
}

func parseCountry(code string) (language.Region, error) {
	if number, err := strconv.Atoi(code); err == nil {
		return language.EncodeM49(number)
	}
	return language.ParseRegion(code)
}

func numericCode(r language.Region) string { return fmt.Sprintf("%03d", r.M49()) }

func countryName(r language.Region) string { return display.English.Regions().Name(r) }
