package console

import "banlang/syncserver/staff"

// Routes are the patterns of all pages and of all that they do, in the order of the table, with the act that each is; "" where
// the page is for whoever comes, or for everybody who is signed in.
func Routes() (patterns []string, acts map[string]staff.Act) {
	acts = map[string]staff.Act{}
	for _, r := range allRoutes() {
		patterns = append(patterns, r.pattern)
		acts[r.pattern] = r.act
	}
	return patterns, acts
}

// Settled returns when no long job is being done.
func (c *Console) Settled() {
	c.jobs.mu.Lock()
	busy := c.jobs.busy
	c.jobs.mu.Unlock()
	if busy != nil {
		<-busy
	}
}

// Secrets are the fields whose values never come back.
var Secrets = secrets

// Listening is how many pages hear what comes.
func (c *Console) Listening() int {
	c.live.mu.Lock()
	defer c.live.mu.Unlock()
	return c.live.all
}

// CountAnew forgets what was counted for the navigation.
func (c *Console) CountAnew() {
	c.counts.mu.Lock()
	defer c.counts.mu.Unlock()
	c.counts.of = nil
}
