import { useQuery } from '@apollo/client/react'
import { useEffect, useState } from 'react'
import { graphql } from './gql'
import { Problem } from './Problem'

const FindProfiles = graphql(`
  query FindProfiles($name: String, $after: String) {
    profiles(first: 20, after: $after, filter: { namePrefix: $name, status: [ACTIVE] }) {
      pageInfo { hasNextPage endCursor }
      edges {
        cursor
        node { id displayName familyName kind grade institution { id name } }
      }
    }
  }
`)

// Search finds people by name among those whom the viewer may see; nothing tells of others.
export function Search({ selected }: { selected?: string }) {
  const [text, setText] = useState('')
  const name = useSettled(text.trim(), 250) || null
  const { data, previousData, loading, error, fetchMore, refetch } = useQuery(FindProfiles, {
    variables: { name },
    fetchPolicy: 'cache-and-network',
  })
  const found = (data ?? previousData)?.profiles

  return (
    <search aria-label="People">
      <label htmlFor="name">Find a person</label>
      <input id="name" type="search" placeholder="Family name" autoComplete="off" spellCheck={false}
        value={text} onChange={(event) => setText(event.target.value)} />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!found && loading && <p className="hint" role="status">Loading…</p>}
      {found?.edges.length === 0 && !loading && <p className="hint" role="status">Nobody whom you may see has this name.</p>}
      <ul className="people" aria-busy={loading}>
        {found?.edges.map(({ node }) => (
          <li key={node.id}>
            <a href={`#/${node.id}`} aria-current={node.id === selected ? 'page' : undefined}>
              <strong>{node.displayName}</strong>
              <span>{[node.kind === 'STUDENT' ? 'Student' : 'Client', node.grade && (/^\d/.test(node.grade) ? `grade ${node.grade}` : node.grade),
                node.institution?.name].filter(Boolean).join(' · ')}</span>
            </a>
          </li>
        ))}
      </ul>
      {found?.pageInfo.hasNextPage && (
        <button disabled={loading} onClick={() => void fetchMore({ variables: { after: found.pageInfo.endCursor } })}>
          Show more
        </button>
      )}
    </search>
  )
}

// useSettled is the value once it has rested, so that not every keystroke asks the server.
function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const rest = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(rest)
  }, [value, milliseconds])
  return settled
}
