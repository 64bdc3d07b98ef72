import { useState } from 'react'
import { graphql, readFragment, type FragmentType } from './gql'
import { ShareDialog } from './ShareDialog'
import { day, sentence } from './words'

const Fields = graphql(`
  fragment ProfileRecords on Profile {
    id
    records(first: 20) {
      totalCount
      edges {
        role
        linkedAt
        node { id ...RecordRow }
      }
    }
  }
`)

const Row = graphql(`
  fragment RecordRow on Record {
    id
    number
    title
    kind
    status
    confidential
    owner { id name }
    viewerCan { share }
    shares(first: 10) {
      nodes {
        id
        level
        status
        grantee { ... on Professional { id name } ... on Unit { id name } ... on Workspace { id name } }
      }
    }
    ...ShareableRecord
  }
`)

// Records shows those that this viewer may read, and counts no others.
export function Records({ of }: { of: FragmentType<typeof Fields> }) {
  const { edges } = readFragment(Fields, of).records
  return (
    <section className="card" aria-labelledby="records">
      <h2 id="records">Their records, as far as you may read them</h2>
      {edges.length === 0 && <p className="hint">None.</p>}
      <ul className="rows">
        {edges.map(({ node, role, linkedAt }) => <RecordRow key={node.id} of={node} role={role} since={linkedAt} />)}
      </ul>
    </section>
  )
}

function RecordRow({ of, role, since }: { of: FragmentType<typeof Row>; role: string; since: string }) {
  const record = readFragment(Row, of)
  const [sharing, setSharing] = useState(false)
  return (
    <li aria-label={record.title ?? record.number}>
      <div>
        <strong>{record.title ?? record.number}</strong>
        <span>{[record.number, record.owner?.name, `${sentence(role).toLowerCase()} since ${day(since)}`].filter(Boolean).join(' · ')}</span>
        {record.shares.nodes.length > 0 && (
          <span>Shared with {record.shares.nodes.map(({ grantee, level, status }) =>
            `${grantee?.name ?? 'somebody'} (${status === 'PENDING' ? 'waiting' : level.toLowerCase()})`).join(', ')}</span>
        )}
      </div>
      <span className="chips">
        {record.confidential && <span className="chip warn">Confidential</span>}
        <span className="chip">{sentence(record.kind)}</span>
        <span className="chip">{sentence(record.status)}</span>
      </span>
      {record.viewerCan.share && <button onClick={() => setSharing(true)}>Share</button>}
      {sharing && <ShareDialog record={record} onClose={() => setSharing(false)} />}
    </li>
  )
}
