// Package kinds has a Go field or method for each kind of field that a schema can
// have.
package kinds

import (
	"context"
	"encoding/json"
	"io"
)

// Kinds has the fields and methods, by the names of the kinds.
type Kinds struct {
	Text              string
	Pointer           *int
	JSON              json.RawMessage
	Enum              Enum
	EnumPointer       *Enum
	List              []string
	EnumList          []Enum
	Object            Object
	ObjectPointer     *Object
	ObjectList        []Object
	ObjectPointerList []*Object

	Resolver           int
	Directive          int
	NonNullPointer     *int
	NonNullEnumPointer *Enum
	NullableList       []int
	ListOfNullable     []*int
	PointerList        []*int
	EnumPointerList    []*Enum
	ListOfLists        [][]int
	NewScalar          Text
	NewTypeOfScalar    Text
	EnumOfMethods      EnumOfMethods
	Interface          Node
	Union              Either
	GoInterface        GoInterface
	GoMap              map[string]any
}

func (Kinds) Method() int          { return 0 }
func (Kinds) ObjectMethod() Object { return Object{} }

func (Kinds) Optional() (value int, ok bool)                  { return 0, false }
func (Kinds) OptionalObject() (value Object, ok bool)         { return Object{}, false }
func (Kinds) NonNullOptional() (value int, ok bool)           { return 0, false }
func (Kinds) OptionalPointer() (value *int, ok bool)          { return nil, false }
func (Kinds) OptionalObjectPointer() (value *Object, ok bool) { return nil, false }
func (Kinds) OptionalList() (value []int, ok bool)            { return nil, false }

func (Kinds) Arguments(n int) int         { return n }
func (Kinds) Error() (int, error)         { return 0, nil }
func (Kinds) Context(context.Context) int { return 0 }

// Views has a method for views beside the method that it views.
type Views struct{}

func (Views) Nodes() []*Object     { return nil }
func (Views) NodeViews() []*Object { return nil }

// Object has no field that the fast lane covers. Its name is that of a function of
// package fast, appendObject.
type Object struct{ Resolver int }

func (Object) IsNode()   {}
func (Object) IsEither() {}

// Enum is an enum with a Go constant for each value.
type Enum int

// The values of Enum.
const (
	EnumA Enum = iota
	EnumB
)

// EnumOfMethods is an enum whose values its methods know.
type EnumOfMethods string

func (EnumOfMethods) MarshalGQL(io.Writer)    {}
func (*EnumOfMethods) UnmarshalGQL(any) error { return nil }

// Node is an interface of the schema.
type Node interface{ IsNode() }

// Either is a union of the schema.
type Either interface{ IsEither() }

// GoInterface is an object type of the schema.
type GoInterface interface{ Name() string }

// Text is a Go type that package fast has no function for.
type Text string

func (Text) MarshalGQL(io.Writer)    {}
func (*Text) UnmarshalGQL(any) error { return nil }
