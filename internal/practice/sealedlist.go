package practice

import (
	"fmt"
	"time"
)

func sealedPoint(p contactPoint) *SealedContactPoint {
	return &SealedContactPoint{
		Kind: string(p.Kind), Value: p.Value, Normalized: p.Normalized, Label: orNil(p.Label), Preferred: p.Preferred,
	}
}

func sealedAddress(a address) *SealedAddress {
	return &SealedAddress{
		Line1: a.Line1, Line2: orNil(a.Line2), City: orNil(a.City), Region: orNil(a.Region),
		PostalCode: orNil(a.PostalCode), Country: orNil(a.Country), Label: orNil(a.Label), Preferred: a.Preferred,
	}
}

func sealedIdentifier(n identifier) *SealedIdentifier {
	return &SealedIdentifier{System: n.System, Value: n.Value}
}

// sealed is what the rows of a list say, for a copy.
func sealed[T, S any](rows []stored[T], one func(T) *S) []*S {
	kept := make([]*S, len(rows))
	for i, row := range rows {
		kept[i] = one(row.Says)
	}
	return kept
}

// orNone is a list that is never absent: the same content always reads the same.
func orNone[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

func inUTC(instant *time.Time) *time.Time {
	if instant == nil {
		return nil
	}
	utc := instant.UTC()
	return &utc
}

// wordsOf reads texts that a query added to its rows; none of them is NULL.
func wordsOf(row valued, names ...string) ([]string, error) {
	words := make([]string, len(names))
	for i, name := range names {
		word, err := wordOf(row, name)
		if err != nil {
			return nil, err
		}
		words[i] = word
	}
	return words, nil
}

// wordOf reads a text that a query added to its rows; it is never NULL.
func wordOf(row valued, name string) (string, error) {
	value, err := row.Value(name)
	if err != nil {
		return "", err
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case []byte:
		return string(value), nil
	default:
		return "", fmt.Errorf("practice: %s came as %T", name, value)
	}
}
