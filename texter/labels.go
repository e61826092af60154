package texter

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// LabelSource is where labels come from: a Client, or what stands in front of it.
type LabelSource interface {
	// Labels returns all labels of the caller's project. They are read-only,
	// since other callers may have them as well.
	Labels(context.Context) (*Labels, error)
}

// Label is what Texter knows of a label. A field that Texter did not send is nil.
type Label struct {
	// ID is what Chat.LabelIDs holds. Never empty.
	ID string `json:"id"`
	// Name is shown to people.
	Name *string `json:"name"`
	// Color is #RRGGBB.
	Color *string `json:"color"`
	// System is true for a label that Texter made itself. Texter sends it only on
	// those.
	System *bool `json:"system"`
}

// Labels are the labels of a project at one moment.
type Labels struct {
	// Listed are the labels that the caller may list, by name, then by id, both
	// by code point.
	Listed []*Label

	byID map[string]*Label
}

// NewLabels sorts labels. Of several with the same id it takes the first, and it
// leaves out those without an id.
func NewLabels(labels []*Label) *Labels {
	l := &Labels{Listed: make([]*Label, 0, len(labels)), byID: make(map[string]*Label, len(labels))}
	for _, label := range labels {
		if label == nil || label.ID == "" || l.byID[label.ID] != nil {
			continue
		}
		l.byID[label.ID] = label
		l.Listed = append(l.Listed, label)
	}
	slices.SortFunc(l.Listed, func(a, b *Label) int {
		return cmp.Or(strings.Compare(a.name(), b.name()), strings.Compare(a.ID, b.ID))
	})
	return l
}

// FindOrBare returns the label of an id. Where Texter does not know it, and where
// l is nil, that is one that has nothing but the id.
func (l *Labels) FindOrBare(id string) *Label {
	if l != nil {
		if label, ok := l.byID[id]; ok {
			return label
		}
	}
	return &Label{ID: id}
}

// Narrow returns the same labels, of which only those with an id in ids are
// listed. FindOrBare still finds all of them.
func (l *Labels) Narrow(ids []string) *Labels {
	listed := slices.Clone(l.Listed)
	listed = slices.DeleteFunc(listed, func(label *Label) bool { return !slices.Contains(ids, label.ID) })
	return &Labels{Listed: listed, byID: l.byID}
}

func (l *Label) name() string {
	if l.Name == nil {
		return ""
	}
	return *l.Name
}

const (
	// labelsPerCall is the largest limit of the call, from Texter's API reference.
	labelsPerCall = 10_000
	// maxLabelCalls bounds the calls for all labels of a project. Texter may
	// answer with fewer labels than it is asked for.
	maxLabelCalls = 20
	// maxLabelBytes is more than labelsPerCall labels take, in bytes.
	maxLabelBytes = 8 << 20
)

// Labels asks for all labels of the project. Its error is an *Error.
func (c *Client) Labels(ctx context.Context) (*Labels, error) {
	labels, err := c.allLabels(ctx)
	c.report(ctx, err)
	return labels, err
}

func (c *Client) allLabels(ctx context.Context) (*Labels, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var all []*Label
	for range maxLabelCalls {
		total, labels, err := c.labelsFrom(ctx, len(all))
		if err != nil {
			return nil, err
		}
		all = append(all, labels...)
		if len(labels) == 0 || len(all) >= total {
			return NewLabels(all), nil
		}
	}
	return nil, invalidResponse(fmt.Errorf("the labels do not end after %d calls", maxLabelCalls))
}

// labelsFrom asks for labels, of which skip are left out first.
func (c *Client) labelsFrom(ctx context.Context, skip int) (total int, labels []*Label, err error) {
	query := fmt.Sprintf("limit=%d", labelsPerCall)
	if skip > 0 {
		query += fmt.Sprintf("&skip=%d", skip)
	}
	res, err := c.send(ctx, c.labels, query)
	if err != nil {
		return 0, nil, err
	}
	body, err := new(buffer).readResponse(ctx, res, min(c.maxBytes, maxLabelBytes))
	if err != nil {
		return 0, nil, err
	}
	if total, labels, err = decodeLabels(body); err != nil {
		return 0, nil, invalidResponse(err)
	}
	return total, labels, nil
}

var colorForm = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// decodeLabels reads the body of an answer. A color that is none is left out: it
// ends up in style sheets. The errors hold no part of the body.
func decodeLabels(body []byte) (total int, labels []*Label, err error) {
	var answer struct {
		Total  *int
		Labels *[]*Label
	}
	if json.Unmarshal(body, &answer) != nil {
		return 0, nil, errors.New("the answer breaks the contract of the labels")
	}
	if answer.Total == nil || answer.Labels == nil {
		return 0, nil, errors.New("the answer breaks the contract: total and labels must both be there")
	}
	for _, label := range *answer.Labels {
		if label != nil && label.Color != nil && !colorForm.MatchString(*label.Color) {
			label.Color = nil
		}
	}
	return *answer.Total, *answer.Labels, nil
}

// AppendJSON appends the labels in the form of Texter's answer, for ParseLabels.
func (l *Labels) AppendJSON(b []byte) ([]byte, error) {
	w := bytes.NewBuffer(b)
	err := json.NewEncoder(w).Encode(map[string]any{"total": len(l.Listed), "labels": l.Listed})
	return w.Bytes(), err
}

// ParseLabels reads what AppendJSON appended.
func ParseLabels(text []byte) (*Labels, error) {
	_, labels, err := decodeLabels(text)
	if err != nil {
		return nil, err
	}
	return NewLabels(labels), nil
}
