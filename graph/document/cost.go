package document

import "strconv"

// Cost is what an operation costs.
type Cost struct {
	// Requested is the cost of the operation: see limits.Cost.
	Requested int
	// Limit is what it may cost.
	Limit int
	// Rows is how many rows it asks for at most.
	Rows int
	// Searches is how many connections it asks for.
	Searches int
}

// AppendJSON appends what clients are told of the cost, as an object.
func (c *Cost) AppendJSON(b []byte) []byte {
	b = strconv.AppendInt(append(b, `{"requested":`...), int64(c.Requested), 10)
	b = strconv.AppendInt(append(b, `,"limit":`...), int64(c.Limit), 10)
	return append(b, '}')
}
