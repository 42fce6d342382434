//go:build !unix

package main

func isNotDirectory(error) bool { return false }
