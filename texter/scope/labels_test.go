package scope_test

import (
	"context"
	"testing"

	"texter-graphql/texter"
	"texter-graphql/texter/scope"
)

// threeLabels is a LabelSource.
type threeLabels struct{}

func (threeLabels) Labels(context.Context) (*texter.Labels, error) {
	return texter.NewLabels([]*texter.Label{{ID: "a", Name: new("A")}, {ID: "b", Name: new("B")}, {ID: "c", Name: new("C")}}), nil
}

// TestLabelsOfAScope: a caller who is pinned to labels lists those alone, and sees
// the names of all: chats have other labels as well.
func TestLabelsOfAScope(t *testing.T) {
	source := scope.LabelSource{Next: threeLabels{}}
	for text, want := range map[string]string{
		`{"labels":["c","a","gone"]}`: "ac", `{"statuses":["BOT"]}`: "abc", `{}`: "abc",
	} {
		t.Run(text, func(t *testing.T) {
			labels, err := source.Labels(scope.NewContext(t.Context(), parse(t, text)))
			if err != nil {
				t.Fatal(err)
			}
			ids := ""
			for _, label := range labels.Listed {
				ids += label.ID
			}
			if ids != want || labels.FindOrBare("b").Name == nil {
				t.Errorf("got %q, want %q", ids, want)
			}
		})
	}
	t.Run("without a scope there are none", func(t *testing.T) {
		if labels, err := source.Labels(t.Context()); err == nil || labels != nil {
			t.Errorf("got %v, %v", labels, err)
		}
	})
}
