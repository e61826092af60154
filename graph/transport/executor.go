package transport

import (
	"context"
	"iter"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Executor executes the requests that this package reads.
type Executor interface {
	// Prepare makes an operation of the parameters of a request. With errors, the
	// operation is what is known of one that can't be executed.
	Prepare(context.Context, *graphql.RawParams) (Operation, gqlerror.List)
	// Refuse is the response to a request whose operation is not executed. The
	// operation is nil if the request has none.
	Refuse(context.Context, Operation, gqlerror.List) *Response
	// Recover is the response to a request that a panic ended. The operation is nil
	// if the panic came before there was one. Recover logs where the panic came from.
	Recover(ctx context.Context, o Operation, panicked any) *Response
	// Recall returns the body of a kept answer to an equal request, or nil. The
	// body is read-only. It is asked once a request is let in, read and bounded,
	// but before it is parsed. The strings are all that this package reads of a
	// request: its method, the media type of its answer, and its query string or
	// body, to the byte. The context says who the caller is, and what they may see.
	Recall(ctx context.Context, request ...string) []byte
}

// Operation is an operation that can be executed.
type Operation interface {
	// Type is query, mutation or subscription.
	Type() ast.Operation
	// Execute executes the operation and yields its responses: one for a query or
	// a mutation, any number for a subscription, none if the caller is gone. A
	// response may be used until the next one is asked for.
	Execute(context.Context) iter.Seq[*Response]
	// Subscribe starts a subscription: an operation whose Type is subscription. ctx
	// ends no later than the stream is closed. wake is called, from any goroutine,
	// when Next may have something new: at most once after a Next that returned
	// nothing. wake does not block, and may be called before Subscribe returns and
	// after Close.
	Subscribe(ctx context.Context, wake func()) Stream
}

// Stream is a subscription in progress. Its methods are called by one goroutine at
// a time.
type Stream interface {
	// Next returns the body of the next response: a JSON object as in section 7.1 of
	// GraphQL. It never waits. The body is read-only, and may be shared by all who
	// watch the same. body is nil if there is nothing new yet. ended is true once the
	// stream has ended; a last body can come with it, such as one of errors that say
	// why it ended.
	Next() (body []byte, ended bool)
	// Close ends the subscription, and gives back what it holds. It is called exactly
	// once, also after a stream has ended.
	Close()
}

// Response is a response of GraphQL: section 7.1.
type Response struct {
	// Data is nil if nothing was executed.
	Data Data
	// Errors say what went wrong.
	Errors gqlerror.List
	// Extensions is a JSON object; nil for none.
	Extensions []byte
	// Keep keeps the body of the answer for equal requests, see Executor.Recall.
	// It copies the body. Nil where the answer must not be kept.
	Keep func(body []byte, request ...string)
	// WholeSize is how many bytes of the body may be in memory at once. A larger
	// body is sent in pieces, and is not kept. 0 is no limit.
	WholeSize int
	// Encoded is called when the body is whole in memory: nothing that the response
	// was made of is read any more. It may be nil.
	Encoded func(size int)
	// TooLarge returns the response in place of this one if the body has more than
	// MaxSize bytes. Nil where MaxSize is 0, which is no limit.
	TooLarge func() *Response
	MaxSize  int
}

// Data is the data of a response.
type Data interface {
	// AppendJSON appends the data to b, which cannot fail. It gives flush what has
	// been appended when that has pieceSize bytes or a little more, and goes on
	// with the buffer that flush returns. When flush returns false, AppendJSON
	// returns soon, and what it returns is of no use.
	AppendJSON(b []byte, pieceSize int, flush func(piece []byte) (next []byte, more bool)) []byte
	// Size returns how many bytes AppendJSON appends, in much less time.
	Size() int
	// Bound returns at least Size, in a fraction of the time where it can, and whether
	// it is Size.
	Bound() (size int, isExact bool)
}

// JSON is data that is JSON already.
type JSON []byte

// AppendJSON implements Data.
func (d JSON) AppendJSON(b []byte, pieceSize int, flush func([]byte) ([]byte, bool)) []byte {
	for len(b)+len(d) >= pieceSize {
		n := min(pieceSize, len(d))
		next, more := flush(append(b, d[:n]...))
		if b, d = next, d[n:]; !more {
			return b
		}
	}
	return append(b, d...)
}

// Size implements Data.
func (d JSON) Size() int { return len(d) }

// Bound implements Data.
func (d JSON) Bound() (size int, isExact bool) { return len(d), true }
