// How the schema's words read on the page.

// sentence turns ENUM_VALUES into "Enum values".
export function sentence(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function day(instant: string): string {
  return new Date(instant).toLocaleDateString('en-CA', { dateStyle: 'medium' })
}

export function birth(date: string, precision?: string | null): string {
  return date.slice(0, precision === 'YEAR' ? 4 : precision === 'MONTH' ? 7 : 10)
}
