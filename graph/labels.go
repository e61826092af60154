package graph

import (
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"texter-graphql/graph/generated"
	"texter-graphql/texter"
)

// Chat implements generated.ResolverRoot.
func (r *Resolver) Chat() generated.ChatResolver { return chatResolver{r} }

type chatResolver struct{ *Resolver }

// Labels resolves Query.labels.
func (r queryResolver) Labels(ctx context.Context) ([]*texter.Label, error) {
	labels, err := r.LabelSource.Labels(ctx)
	if err != nil {
		return nil, err
	}
	return labels.Listed, nil
}

// Labels resolves Chat.labels. It asks for the labels of the project only if that
// tells more than the ids do. If they can't be read, the chat has its labels all
// the same, without names.
func (r chatResolver) Labels(ctx context.Context, chat *texter.Chat) ([]*texter.Label, error) {
	var known *texter.Labels
	if field := firstNamed(graphql.CollectFieldsCtx(ctx, []string{"Label"})); field != nil && len(chat.LabelIDs) > 0 {
		var err error
		if known, err = r.LabelSource.Labels(ctx); err != nil {
			addLabelsError(ctx, field, err)
		}
	}
	labels := make([]*texter.Label, len(chat.LabelIDs))
	for i, id := range chat.LabelIDs {
		labels[i] = known.FindOrBare(id)
	}
	return labels, nil
}

// firstNamed is the first field of a label that takes more than its id; nil for
// none.
func firstNamed(fields []graphql.CollectedField) *ast.Field {
	for _, field := range fields {
		if field.Name != "id" && field.Name != "__typename" {
			return field.Field
		}
	}
	return nil
}

// addLabelsError adds the error of the field of a chat's first label. In an
// operation of this package, only the first such field of the response has it.
func addLabelsError(ctx context.Context, field *ast.Field, err error) {
	missing := &missingLabels{
		path:  append(graphql.GetPath(ctx), ast.PathIndex(0), ast.PathName(field.Alias)),
		place: append(placeOf(ctx), 0),
		field: field, err: err,
	}
	if reads, ok := ctx.Value(searchesKey{}).(*searches); ok {
		reads.labels.miss(missing)
		return
	}
	graphql.AddError(ctx, missing.error())
}

// placeOf is where the field of a context stands in the response: for each level,
// the position of the field in its object or of the element in its list.
func placeOf(ctx context.Context) (place []int) {
	op := graphql.GetOperationContext(ctx)
	for fc := graphql.GetFieldContext(ctx); fc != nil; fc = fc.Parent {
		switch {
		case fc.Index != nil:
			place = append(place, *fc.Index)
		case fc.Field.Field != nil:
			siblings := graphql.CollectFields(op, selectionsAround(op, fc), []string{fc.Object})
			place = append(place, slices.IndexFunc(siblings, func(f graphql.CollectedField) bool { return f.Alias == fc.Field.Alias }))
		}
	}
	slices.Reverse(place)
	return place
}

// selectionsAround is the selection set that a field stands in.
func selectionsAround(op *graphql.OperationContext, fc *graphql.FieldContext) ast.SelectionSet {
	for parent := fc.Parent; parent != nil; parent = parent.Parent {
		if parent.Field.Field != nil {
			return parent.Field.Selections
		}
	}
	return op.Operation.SelectionSet
}

// missingLabels says which field of the response lacks what is known of a label.
type missingLabels struct {
	path  ast.Path
	place []int // orders paths as the response does: see placeOf
	field *ast.Field
	err   error
}

func (m *missingLabels) error() *gqlerror.Error {
	err := gqlerror.WrapPath(m.path, m.err)
	if position := m.field.Position; position != nil {
		err.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	return err
}

// operationLabels are the labels that one operation reads, at most once.
type operationLabels struct {
	once sync.Once
	read *texter.Labels
	err  error

	mu      sync.Mutex
	missing *missingLabels // the first of the response; nil for none
}

// miss takes note of a field that lacks its value, unless another one stands
// before it in the response.
func (l *operationLabels) miss(m *missingLabels) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.missing == nil || slices.Compare(m.place, l.missing.place) < 0 {
		l.missing = m
	}
}

// operationLabelSource is a LabelSource that asks once for an operation. Without
// an operation in the context it only passes calls on.
type operationLabelSource struct{ next texter.LabelSource }

// Labels implements texter.LabelSource.
func (s operationLabelSource) Labels(ctx context.Context) (*texter.Labels, error) {
	reads, ok := ctx.Value(searchesKey{}).(*searches)
	if !ok {
		return s.next.Labels(ctx)
	}
	l := &reads.labels
	l.once.Do(func() {
		ctx, cancel := reads.deadline.forSearch(ctx)
		defer cancel()
		l.read, l.err = s.next.Labels(ctx)
	})
	return l.read, l.err
}
