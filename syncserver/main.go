// Command syncserver is the centre: see package command for what it does, and "syncserver help".
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"banlang/syncserver/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(command.Main{}.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
