// Command desktop is the officer's program: a window, and the same by commands (desktop help).
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"banlang/desktop/command"
	"banlang/desktop/keyfile"
)

func main() {
	_ = keyfile.NoDumps() // where it is not to be had, that is no reason not to start
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	c := command.Command{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Window: openWindow, Alert: showAlert}
	code := c.Run(ctx, os.Args[1:]...)
	stop()
	os.Exit(code)
}
