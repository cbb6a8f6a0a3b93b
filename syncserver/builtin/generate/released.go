package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"banlang/shared/form"
	carried "banlang/shared/form/builtin"
	"banlang/shared/record"
)

// list is where the released versions are listed, from the root of the project.
const list = "shared/form/builtin/kept/released.txt"

// mustBeReleased is the check of a package: records will name the versions in it, and stay readable only if they are listed.
func mustBeReleased() error {
	missing, err := unreleased()
	if err != nil || len(missing) == 0 {
		return err
	}
	return fmt.Errorf("%d forms are not in %s, the first is %s. Run this, commit the list, and package again:\n\tgo run ./syncserver/builtin/generate -release",
		len(missing), list, missing[0])
}

// enter lists the versions that are not listed. It is run in the root of the project.
func enter() error {
	missing, err := unreleased()
	if err != nil || len(missing) == 0 {
		return err
	}
	var lines strings.Builder
	for _, ref := range missing {
		fmt.Fprintln(&lines, ref)
	}
	f, err := os.OpenFile(list, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(lines.String())
	return errors.Join(err, f.Close())
}

// unreleased gives the current versions that are not listed, in the order of their ids.
func unreleased() (missing []record.FormRef, err error) {
	released, err := carried.Released()
	if err != nil {
		return nil, err
	}
	all, err := carried.All()
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		ref := record.FormRef{ID: f.ID, Version: form.VersionOf(f.XML)}
		if !slices.Contains(released, ref) {
			missing = append(missing, ref)
		}
	}
	return missing, nil
}
