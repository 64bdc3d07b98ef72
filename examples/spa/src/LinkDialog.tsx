import { useMutation, useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { Dialog } from './Dialog'
import { graphql, readFragment, type FragmentType } from './gql'
import type { LinkRole } from './gql/graphql'
import { Problem } from './Problem'

const Fields = graphql(`
  fragment LinkableProfile on Profile {
    id
    displayName
  }
`)

// The records of the viewer, with the people in them: a record that has this profile already is not offered.
const Linkable = graphql(`
  query LinkableRecords {
    records(first: 50, filter: { status: [OPEN] }) {
      nodes {
        id
        number
        title
        viewerCan { link }
        profiles(first: 50) { nodes { id } }
      }
    }
  }
`)

const Link = graphql(`
  mutation LinkToRecord($input: LinkProfileInput!) {
    linkProfile(input: $input) {
      link { id profile { ...ProfileRecords } }
      userErrors { code field message }
    }
  }
`)

export function LinkDialog({ profile: of, onClose }: { profile: FragmentType<typeof Fields>; onClose: () => void }) {
  const profile = readFragment(Fields, of)
  const { data, loading, error } = useQuery(Linkable, { fetchPolicy: 'network-only' })
  const [recordId, setRecordId] = useState('')
  const [role, setRole] = useState<LinkRole>('PARTICIPANT')
  const [reason, setReason] = useState('')
  const [link, linking] = useMutation(Link, { onError: () => {} })

  const offered = data?.records.nodes.filter(({ viewerCan, profiles }) =>
    viewerCan.link && !profiles.nodes.some((other) => other?.id === profile.id))
  const refused = linking.data?.linkProfile?.userErrors ?? []

  async function submit() {
    const { data } = await link({ variables: { input: { recordId, profileId: profile.id, role, reason: reason.trim() || null } } })
    if (data?.linkProfile?.userErrors.length === 0) onClose()
  }

  return (
    <Dialog title={`Link ${profile.displayName} to a record`} submit="Link" disabled={!recordId || linking.loading}
      onSubmit={() => void submit()} onClose={onClose}>
      {error && <Problem error={error} />}
      {loading && <p className="hint" role="status">Loading…</p>}
      {offered?.length === 0 && <p className="hint">None of your records can take this person.</p>}
      <label>
        Record
        <select required value={recordId} onChange={(event) => setRecordId(event.target.value)}>
          <option value="">Choose…</option>
          {offered?.map(({ id, title, number }) => <option key={id} value={id}>{title} ({number})</option>)}
        </select>
      </label>
      <label>
        As
        <select value={role} onChange={(event) => setRole(event.target.value as LinkRole)}>
          <option value="PARTICIPANT">a participant</option>
          <option value="SECONDARY">another whom it is about</option>
          <option value="PRIMARY">the one whom it is first about</option>
        </select>
      </label>
      <label>
        Why <span className="hint">for the history, if you like</span>
        <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </label>
      <p className="hint">Whoever reads the record will see this person, and nothing of their other records.</p>
      {refused.map(({ message }) => <p key={message} role="alert" className="problem">{message}</p>)}
      {linking.error && <Problem error={linking.error} />}
    </Dialog>
  )
}
