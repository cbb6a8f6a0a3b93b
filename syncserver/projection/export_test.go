package projection

import "context"

// CatchUp brings the tables to the end of the log.
func (p *Projection) CatchUp(ctx context.Context) error { return p.catchUp(ctx) }
