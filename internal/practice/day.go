package practice

import (
	"context"
	"time"

	"continuum/ent/profile"
	"continuum/internal/access"
)

// earliest is the first day on which anybody here can have been born.
const earliest = "1850-01-01"

// day is a real day of the calendar, YYYY-MM-DD.
func (c *checks) day(field, value string) string {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		c.refuse(field, subject(field)+" is no day of the calendar; write it as 2011-09-30.")
		return ""
	}
	return value
}

// birthDate is a day on which somebody alive or remembered can have been born.
func (c *checks) birthDate(ctx context.Context, value *string, known profile.BirthDatePrecision) *string {
	if value == nil {
		return nil
	}
	day := c.day("birthDate", *value)
	if day == "" {
		return nil
	}
	day = knownPart(day, known)
	switch {
	case day > access.Now(ctx).Format(time.DateOnly):
		c.refuse("birthDate", "The birth date cannot be in the future.")
	case day < earliest:
		c.refuse("birthDate", "The birth date cannot be before 1850.")
	}
	return &day
}

// knownPart puts 01 for the part of a date of birth that is not known.
func knownPart(day string, known profile.BirthDatePrecision) string {
	switch known {
	case profile.BirthDatePrecisionYEAR:
		return day[:len("2006")] + "-01-01"
	case profile.BirthDatePrecisionMONTH:
		return day[:len("2006-01")] + "-01"
	default:
		return day
	}
}
