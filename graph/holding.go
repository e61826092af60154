package graph

import "texter-graphql/texter"

const (
	// rowSize is how much a row takes beside its JSON, in bytes.
	rowSize = 1 << 10
	// wholeRowSize is how much of an answer is in memory at once for each row, in
	// bytes: more than most rows take with all fields.
	wholeRowSize = 8 << 10
	// minWhole and maxWhole bound how much of an answer is in memory at once, in
	// bytes. An answer that may be kept can have up to Options.MaxAnswerSize.
	minWhole, maxWhole = 256 << 10, 4 << 20
	// ordinaryFieldSize is how much gqlgen's executor takes for a field, in bytes.
	ordinaryFieldSize = 500
)

// holding returns the most that the operation holds at once, in bytes: the bodies
// and the rows of its pages, and its answer as far as that is whole in memory. The
// ordinary lane has all fields in memory.
func (o *operation) holding() int {
	cost := o.prepared.Cost
	if cost == nil {
		return 0
	}
	size := o.wholeSize() + cost.Rows*rowSize
	size += texter.MaxBodySize(cost.Searches, cost.Rows)
	if o.fast == nil {
		size += cost.Requested * ordinaryFieldSize
	}
	return size
}

// pagesSize returns how much the pages take, once the searches have ended.
func (o *operation) pagesSize() int {
	size := 0
	for _, page := range o.searches.pages {
		size += page.Size
	}
	return size
}

// wholeSize returns how many bytes of the answer may be in memory at once.
func (o *operation) wholeSize() int {
	if o.memory.joined && o.memory.whole == nil {
		return minWhole
	}
	return o.largestWhole()
}

// largestWhole returns how many bytes of the answer may be in memory at once, if the
// operation has the memory.
func (o *operation) largestWhole() int {
	rows := 0
	if o.prepared.Cost != nil {
		rows = o.prepared.Cost.Rows
	}
	most := maxWhole
	if o.mayBeKept() {
		most = o.executor.maxAnswer
	}
	return min(max(rows*wholeRowSize, minWhole), most, o.executor.maxAnswer)
}
