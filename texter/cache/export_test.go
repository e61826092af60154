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

// Bytes is how many bytes of memory kept pages take.
func (c *Cache) Bytes() int {
	c.memory.mu.Lock()
	defer c.memory.mu.Unlock()
	return c.memory.bytes
}

// Index is how many entries there are to find pages and answers by.
func (c *Cache) Index() int {
	c.memory.mu.Lock()
	defer c.memory.mu.Unlock()
	return len(c.memory.byPage) + len(c.memory.byAnswer)
}
