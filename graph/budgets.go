package graph

import (
	"fmt"

	"texter-graphql/graph/document"
)

// budgetError is the error of an operation for which a budget of this service is too
// small.
type budgetError struct {
	code, message string
	retryAfter    int // seconds; 0 if to wait does not help
}

// Error returns the message for the client.
func (e *budgetError) Error() string { return e.message }

var (
	// errOverloaded is the error of an operation that finds no memory free.
	errOverloaded = &budgetError{codeOverloaded, "The service has too much to do. Try again later.", 1}
	// errTooManyCalls is the error of a search that would be one call too many.
	errTooManyCalls = &budgetError{code: document.CodeTooComplex, message: "The operation takes too many calls to Texter, because the chats of its cursors have moved far, or because Texter returns few chats in one call. Ask for fewer pages or chats at once, or read the first page again."}
)

// answerTooLarge is the error of an answer of more bytes than the limit.
func answerTooLarge(limit int) *budgetError {
	return &budgetError{code: codeAnswerTooLarge, message: fmt.Sprintf("The answer would have more than %d bytes. Ask for fewer chats or fields at once.", limit)}
}

// tooMuchMemory is the error of an operation that could take more bytes of memory
// than any operation can have.
func tooMuchMemory(limit int) *budgetError {
	return &budgetError{code: codeAnswerTooLarge, message: fmt.Sprintf("The answer could take more than %d bytes of memory. Ask for fewer chats or fields at once.", limit)}
}
