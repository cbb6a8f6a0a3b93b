// Package declare owns the way of our own columns (package declared) from the spreadsheet of a form into its XForm. Every
// form of ours is converted through it: the built-in ones when they are generated, those of staff when they are published.
package declare

import (
	"context"

	"banlang/shared/form/declared"
	"banlang/syncserver/xlsform"
)

// Convert reads a spreadsheet and converts the form in it, as xlsform.Convert does, with our columns carried into the
// XForm. A form without them becomes the same XForm as there. The error is a *xlsform.Problem, or that of ctx.
func Convert(ctx context.Context, name string, file []byte, opts xlsform.Options) (*xlsform.Form, error) {
	opts.Own = xlsform.Vocabulary{
		Prefix: declared.Prefix, Namespace: declared.Namespace, Survey: declared.Survey, Settings: declared.Settings,
	}
	return xlsform.Convert(ctx, name, file, opts)
}
