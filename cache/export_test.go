package cache

// Waiting is how many callers wait for searches that are on their way.
func (c *Cache) Waiting() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	n := 0
	for _, f := range c.flights.byKey {
		n += f.callers
	}
	return n
}
