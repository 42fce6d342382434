//go:build !linux

package main

// unmapProgram does nothing: only Linux needs it.
func unmapProgram() {}
