package scalar_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"continuum/graph/scalar"
)

// same compares what was appended to "x" with what a marshaler of gqlgen writes.
func same(t *testing.T, got []byte, want graphql.Marshaler) {
	t.Helper()
	expected := bytes.NewBufferString("x")
	want.MarshalGQL(expected)
	if !bytes.Equal(got, expected.Bytes()) {
		t.Errorf("appended %q, and gqlgen writes %q", got, expected)
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{
		"", "Élodie", "a\"b\\c", "\x00\x01\x1f\x20\x7f\u0080", "tab\tline\nreturn\r\b\f", "<script>&amp;</script>", "\u2028\u2029\ufeff\ufffd",
		"\xff\xfe", "cut \xe2\x80", "\xed\xa0\x80 surrogate", "🧑‍⚕️", "\"", "\\", "\n\n", "ends\x01",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		same(t, scalar.AppendString([]byte("x"), s), graphql.MarshalString(s))
		same(t, scalar.AppendString([]byte("x"), s), graphql.MarshalID(s))
		same(t, scalar.AppendString([]byte("x"), s), scalar.MarshalDate(s))
	})
}

func FuzzAppendDateTime(f *testing.F) {
	for _, at := range [][2]int64{{0, 0}, {1774965900, 123456000}, {1774965900, 120000000}, {-62135596800, 0}, {-62135596801, 1}, {253402300800, 5}} {
		f.Add(at[0], at[1], -4*3600)
	}
	f.Fuzz(func(t *testing.T, seconds, nanoseconds int64, offset int) {
		at := time.Unix(seconds, nanoseconds).In(time.FixedZone("", offset))
		same(t, scalar.AppendDateTime([]byte("x"), at), scalar.MarshalDateTime(at))
		same(t, scalar.AppendDateTime([]byte("x"), time.Time{}), scalar.MarshalDateTime(time.Time{}))
	})
}

func TestAppend_NumbersAndTruth(t *testing.T) {
	for _, i := range []int{0, 1, -1, 42, math.MaxInt32, math.MinInt64, math.MaxInt64} {
		same(t, scalar.AppendInt([]byte("x"), i), graphql.MarshalInt(i))
	}
	for _, v := range []bool{true, false} {
		same(t, scalar.AppendBoolean([]byte("x"), v), graphql.MarshalBoolean(v))
	}
}
