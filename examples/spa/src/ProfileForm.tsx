import { useApolloClient, useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { Dialog } from './Dialog'
import { graphql, readFragment, type FragmentType } from './gql'
import type { ProfileFormValuesFragment } from './gql/graphql'
import { Problem } from './Problem'

const Values = graphql(`
  fragment ProfileFormValues on Profile {
    id
    version
    givenName
    preferredName
    familyName
    pronouns
    grade
  }
`)

const Reread = graphql(`query RereadProfile($id: ID!) { profile(id: $id) { ...ProfileFormValues } }`)

const Save = graphql(`
  mutation SaveProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      profile { id displayName ...ProfileFormValues }
      userErrors { code field message currentValue }
    }
  }
`)

const fields = [
  { name: 'givenName', label: 'Given name', required: true },
  { name: 'preferredName', label: 'Goes by' },
  { name: 'familyName', label: 'Family name', required: true },
  { name: 'pronouns', label: 'Pronouns' },
  { name: 'grade', label: 'Grade' },
] as const

type Field = (typeof fields)[number]['name']
type Draft = Record<Field, string>

// ProfileForm edits who a person is. It sends what the viewer changed and nothing else, together with the version that
// was read before; where somebody else changed the same field since, it shows both values and asks which one stands.
export function ProfileForm({ of, onClose }: { of: FragmentType<typeof Values>; onClose: () => void }) {
  const apollo = useApolloClient()
  const shown = readFragment(Values, of)
  const [base, setBase] = useState(shown) // the page goes on changing behind the form, the form does not
  const [draft, setDraft] = useState(() => draftOf(shown))
  const [conflicts, setConflicts] = useState<Partial<Draft>>({}) // what the others wrote
  const [choices, setChoices] = useState<Partial<Record<Field, 'mine' | 'theirs'>>>({})
  const [messages, setMessages] = useState<Partial<Record<Field | 'form', string>>>({})
  const [save, { loading, error }] = useMutation(Save, { onError: () => {} })

  const undecided = fields.some(({ name }) => name in conflicts && !choices[name])

  async function submit() {
    const wanted = { ...draft }
    for (const { name } of fields) if (choices[name] === 'theirs') wanted[name] = conflicts[name] ?? ''
    const before = draftOf(base)
    const changed = fields.filter(({ name }) => wanted[name].trim() !== before[name])
    if (changed.length === 0) return onClose()

    const { data } = await save({
      variables: {
        input: {
          id: base.id,
          expectedVersion: base.version,
          // Absent is unchanged, null clears.
          ...Object.fromEntries(changed.map(({ name }) => [name, wanted[name].trim() || null])),
        },
      },
    })
    if (!data?.updateProfile) return // error says why
    const { userErrors } = data.updateProfile
    if (userErrors.length === 0) return onClose()

    const conflicting = userErrors.filter(({ code }) => code === 'CONFLICT')
    if (conflicting.length > 0) await meet(wanted)
    setMessages(Object.fromEntries(userErrors.filter(({ code }) => code !== 'CONFLICT')
      .map(({ field, message }) => [fields.some(({ name }) => name === field) ? field : 'form', message])))
    setConflicts(Object.fromEntries(conflicting.map(({ field, currentValue }) =>
      [field, (currentValue && JSON.parse(currentValue)) ?? ''])))
  }

  // meet reads the profile again, so that the next try builds on what stands now; what the viewer did not touch follows.
  async function meet(wanted: Draft) {
    const { data } = await apollo.query({ query: Reread, variables: { id: base.id }, fetchPolicy: 'network-only' })
    const now = readFragment(Values, data?.profile)
    if (!now) return
    const before = draftOf(base)
    const fresh = draftOf(now)
    setDraft(Object.fromEntries(fields.map(({ name }) =>
      [name, wanted[name].trim() === before[name] ? fresh[name] : wanted[name]])) as Draft)
    setBase(now)
    setChoices({})
  }

  return (
    <Dialog title="Edit" submit={loading ? 'Saving…' : 'Save'} disabled={loading || undecided} onSubmit={() => void submit()} onClose={onClose}>
      {fields.map(({ name, label, ...field }) => name in conflicts ? (
        <fieldset key={name} className="conflict">
          <legend>{label}: somebody else changed it meanwhile</legend>
          {(['mine', 'theirs'] as const).map((side) => (
            <label key={side}>
              <input type="radio" name={name} required checked={choices[name] === side}
                onChange={() => setChoices({ ...choices, [name]: side })} />
              <span>{side === 'mine' ? 'Yours' : 'Theirs'}</span>
              <strong>{(side === 'mine' ? draft[name] : conflicts[name]) || 'empty'}</strong>
            </label>
          ))}
        </fieldset>
      ) : (
        <label key={name}>
          {label}
          <input name={name} required={'required' in field} value={draft[name]} autoComplete="off"
            aria-invalid={messages[name] ? true : undefined}
            onChange={(event) => setDraft({ ...draft, [name]: event.target.value })} />
          {messages[name] && <span role="alert" className="problem">{messages[name]}</span>}
        </label>
      ))}
      {messages.form && <p role="alert" className="problem">{messages.form}</p>}
      {undecided && <p role="alert" className="hint">Nothing is saved yet. Choose what stands, then save again.</p>}
      {error && <Problem error={error} />}
    </Dialog>
  )
}

function draftOf(profile: ProfileFormValuesFragment): Draft {
  return Object.fromEntries(fields.map(({ name }) => [name, profile[name] ?? ''])) as Draft
}
