import { useMutation, useQuery } from '@apollo/client/react'
import { useState } from 'react'
import { Dialog } from './Dialog'
import { graphql, readFragment, type FragmentType } from './gql'
import type { ShareLevel, ShareRecordInput } from './gql/graphql'
import { Problem } from './Problem'

const Fields = graphql(`
  fragment ShareableRecord on Record {
    id
    title
    number
    confidential
  }
`)

const Grantees = graphql(`
  query Grantees {
    viewer { professional { id } workspace { id name } }
    professionals(first: 100) { nodes { id name title } }
    units(first: 100) { nodes { id name } }
  }
`)

const Preview = graphql(`
  query SharePreview($input: ShareRecordInput!) {
    previewShare(input: $input) {
      pending
      grantee { ... on Professional { id name } ... on Unit { id name } ... on Workspace { id name } }
      profiles { id displayName }
      professionals { id name }
      consentMissing { id displayName }
    }
  }
`)

const Share = graphql(`
  mutation ShareThisRecord($input: ShareRecordInput!) {
    shareRecord(input: $input) {
      share { id status }
      record { id ...RecordRow }
      userErrors { code field message }
    }
  }
`)

const levels: Record<ShareLevel, string> = {
  READ: 'read all that it holds',
  WRITE: 'read, and add notes and documents',
  FULL: 'edit it, link people, and share it on',
}

export function ShareDialog({ record: of, onClose }: { record: FragmentType<typeof Fields>; onClose: () => void }) {
  const record = readFragment(Fields, of)
  const { data, error } = useQuery(Grantees)
  const [chosen, setChosen] = useState('')
  const [typed, setTyped] = useState('')
  const [level, setLevel] = useState<ShareLevel>('READ')
  const [until, setUntil] = useState('')
  const [confidential, setConfidential] = useState(false)
  const [override, setOverride] = useState('')
  const [share, sharing] = useMutation(Share, { onError: () => {} })

  const granteeId = chosen === 'elsewhere' ? typed.trim() : chosen
  const input: ShareRecordInput = {
    recordId: record.id,
    granteeId,
    level,
    expiresAt: until ? new Date(`${until}T23:59:59`).toISOString() : null,
    includesConfidential: record.confidential && confidential,
  }
  const complete = granteeId !== '' && (!record.confidential || confidential)
  const preview = useQuery(Preview, { variables: { input }, skip: !complete, fetchPolicy: 'no-cache' })
  const reach = complete ? preview.data?.previewShare : undefined
  const refused = sharing.data?.shareRecord?.userErrors ?? []

  async function submit() {
    const { data } = await share({ variables: { input: { ...input, consentOverride: override.trim() || null } } })
    if (data?.shareRecord?.userErrors.length === 0) onClose()
  }

  return (
    <Dialog title={`Share ${record.title ?? record.number}`} submit="Share" disabled={!reach || sharing.loading}
      onSubmit={() => void submit()} onClose={onClose}>
      {error && <Problem error={error} />}
      <label>
        With
        <select required value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">Choose…</option>
          <optgroup label="Colleagues">
            {data?.professionals.nodes.filter(({ id }) => id !== data.viewer.professional.id).map(({ id, name, title }) =>
              <option key={id} value={id}>{[name, title].filter(Boolean).join(', ')}</option>)}
          </optgroup>
          <optgroup label="Teams and services">
            {data?.units.nodes.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </optgroup>
          <option value="elsewhere">Somebody of another workspace…</option>
        </select>
      </label>
      {chosen === 'elsewhere' && (
        <label>
          The id that they gave you
          <input required value={typed} spellCheck={false} placeholder="pro_…, unit_… or ws_…" onChange={(event) => setTyped(event.target.value)} />
        </label>
      )}
      <label>
        They may
        <select value={level} onChange={(event) => setLevel(event.target.value as ShareLevel)}>
          {Object.entries(levels).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      </label>
      <label>
        Until <span className="hint">no end when empty</span>
        <input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </label>
      {record.confidential && (
        <label className="check">
          <input type="checkbox" checked={confidential} onChange={(event) => setConfidential(event.target.checked)} />
          The record is confidential, and I share it knowingly
        </label>
      )}

      <section className="preview" aria-label="What will follow" aria-live="polite" aria-busy={preview.loading}>
        <h3>What will follow</h3>
        {!complete && <p className="hint">Choose with whom, and this says who will see what.</p>}
        {complete && preview.error && <Problem error={preview.error} />}
        {reach && (
          <ul>
            {reach.pending && <li>It waits until somebody there accepts, and opens nothing before.</li>}
            <li>{names(reach.profiles.map(({ displayName }) => displayName))} become{reach.profiles.length === 1 && 's'} visible with the record.</li>
            {reach.professionals.length > 0 && <li>Read by {names(reach.professionals.map(({ name }) => name))}.</li>}
            {reach.consentMissing.length > 0 && (
              <li className="problem">No consent yet from {names(reach.consentMissing.map(({ displayName }) => displayName))}.</li>
            )}
          </ul>
        )}
      </section>
      {reach && reach.consentMissing.length > 0 && (
        <label>
          Why to go on without the consent
          <input value={override} maxLength={500} onChange={(event) => setOverride(event.target.value)} />
        </label>
      )}
      {refused.map(({ message }) => <p key={message} role="alert" className="problem">{message}</p>)}
      {sharing.error && <Problem error={sharing.error} />}
    </Dialog>
  )
}

const names = (people: string[]) => new Intl.ListFormat('en').format(people)
