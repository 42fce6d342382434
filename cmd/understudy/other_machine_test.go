package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"syscall"

	"understudy/seed/base/waittest"
)

// If one of these environment variables holds an address, the test binary plays another machine: an attendee's, which joins the
// workshop and opens its lab, or a phone, which opens the page.
const (
	asAttendee = "UNDERSTUDY_TEST_ATTENDEE"
	asPhone    = "UNDERSTUDY_TEST_PHONE"
)

// look prints the page at an address.
func look(address string) {
	resp, err := http.Get(address)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
}

// attend joins the workshop at an address and prints the name of its lab.
func attend(address string) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	client := &http.Client{Jar: jar, Timeout: waittest.Deadline}
	page := func(resp *http.Response, err error) string {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			fmt.Println(resp.Status, err)
			os.Exit(1)
		}
		return string(body)
	}
	card := page(client.PostForm(address+"/join", url.Values{"code": {"blue-lantern"}}))
	lab := regexp.MustCompile(`lab-\d+`).FindString(card)
	if okta := page(client.Get(address + "/okta/" + lab + "/")); !strings.Contains(okta, "Sign In") {
		fmt.Println("no sign-in page")
		os.Exit(1)
	}
	if conn, err := net.DialTimeout("tcp", "203.0.113.1:80", waittest.Deadline); err == nil || !errors.Is(err, syscall.ENETUNREACH) {
		fmt.Println("there is a route to the internet", conn, err)
		os.Exit(1)
	}
	fmt.Println("lab: " + lab)
}
