package media_test

import (
	"strings"
	"testing"

	"continuum/internal/media"
)

func TestAccepted(t *testing.T) {
	const newer, older, events = media.Newer, media.Older, media.Events
	for accept, want := range map[string]media.Wanted{
		"":                               {Answer: older},
		" ":                              {Answer: older},
		"*/*":                            {Answer: older},
		"application/*":                  {Answer: older},
		older:                            {Answer: older},
		newer:                            {Answer: newer},
		"APPLICATION/JSON":               {Answer: older},
		older + "; charset=UTF-8":        {Answer: older},
		older + "; charset=latin1":       {},
		newer + ", " + older:             {Answer: newer},
		older + ", " + newer:             {Answer: newer},
		newer + ";q=0.5, " + older:       {Answer: older},
		newer + ", " + older + ";q=0.9":  {Answer: newer},
		newer + ";q=0, */*":              {Answer: older},
		older + ";q=0, */*":              {Answer: newer},
		"*/*;q=0":                        {},
		older + ";q=2":                   {},
		older + ";q=NaN":                 {},
		older + ";q=x, */*;q=0.1":        {Answer: older},
		"text/html":                      {},
		"text/html, */*;q=0.8":           {Answer: older},
		"multipart/mixed, " + older:      {Answer: older},
		"broken;;, " + newer:             {Answer: newer},
		events:                           {Events: true, EventsBefore: true},
		"text/*":                         {},
		events + ", */*":                 {Answer: older, Events: true},
		events + ";q=0, */*":             {Answer: older},
		events + ";q=0.4, " + older:      {Answer: older, Events: true},
		events + ", " + older + ";q=0.4": {Answer: older, Events: true, EventsBefore: true},
		// urql, with every request; graphql-sse; Apollo with its own kind of subscriptions.
		newer + ", application/graphql+json, " + older + ", " + events + ", multipart/mixed":          {Answer: newer, Events: true},
		"multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0," + newer + "," + older + ";q=0.9": {Answer: newer},
		strings.Repeat("a/b,", 8000): {},
	} {
		if got := media.Accepted([]string{accept}); got != want {
			t.Errorf("%.80q: %+v, want %+v", accept, got, want)
		}
	}
	if got := media.Accepted([]string{events, newer}); got != (media.Wanted{Answer: newer, Events: true}) {
		t.Errorf("two headers: %+v", got)
	}
	if got := media.Accepted(nil); got.Answer != older {
		t.Errorf("no header: %+v", got)
	}
}
