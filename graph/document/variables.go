package document

import "fmt"

// tooMuchOf says which limit the variables of a request pass, or nothing. Of every list
// that the schema takes, a hundred items are more than enough.
func tooMuchOf(value any, depth int) (excess string) {
	if depth > maxValueDepth {
		return fmt.Sprintf("have more than %d levels", maxValueDepth)
	}
	switch v := value.(type) {
	case map[string]any:
		for _, child := range v {
			if excess = tooMuchOf(child, depth+1); excess != "" {
				return excess
			}
		}
	case []any:
		if len(v) > maxListItems {
			return fmt.Sprintf("have a list of more than %d items", maxListItems)
		}
		for _, child := range v {
			if excess = tooMuchOf(child, depth+1); excess != "" {
				return excess
			}
		}
	}
	return ""
}
