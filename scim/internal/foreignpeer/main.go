// Command foreignpeer is a SCIM 2.0 server that uses another SCIM library, github.com/elimity-com/scim. Tests provision
// users and groups into it to show that the client of this project works with other servers. The command is not part of
// understudy.
//
// It prints its base URL on one line, and accepts the bearer token of the environment variable FOREIGNPEER_TOKEN. It
// keeps all resources in memory, and ends at the end of its standard input.
//
// The files are main.go, the server, and directory.go, the storage. Start reading in main.go.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{SupportPatch: true, SupportFiltering: true},
		ResourceTypes: []scim.ResourceType{
			{ID: optional.NewString("User"), Name: "User", Endpoint: "/Users",
				Schema: schema.CoreUserSchema(), Handler: newDirectory("userName")},
			{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups",
				Schema: schema.CoreGroupSchema(), Handler: newDirectory("displayName")},
		},
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	token := os.Getenv("FOREIGNPEER_TOKEN")
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		server.ServeHTTP(w, r)
	})
	fmt.Printf("http://%s/scim/v2\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = listener.Close()
	}()
	_ = http.Serve(listener, http.StripPrefix("/scim", guarded)) // ends when the listener is closed
	return nil
}
