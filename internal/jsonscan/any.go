package jsonscan

import "encoding/json"

// Any reads any value. It returns what encoding/json, with UseNumber, decodes
// into an empty interface: nil, bool, json.Number, string, []any or
// map[string]any.
func (s *Scanner) Any() any {
	switch s.Peek() {
	case '"':
		return s.StringValue()
	case '{':
		object := map[string]any{}
		for key := range s.Object {
			object[key] = s.Any()
		}
		return object
	case '[':
		array := []any{}
		for range s.Array {
			array = append(array, s.Any())
		}
		return array
	case 't':
		return s.Literal("true")
	case 'f':
		return !s.Literal("false")
	case 'n':
		s.Literal("null")
		return nil
	}
	return json.Number(View(s.Number()))
}
