import { useQuery } from '@apollo/client/react'
import { useSyncExternalStore } from 'react'
import { graphql } from './gql'
import { Problem } from './Problem'
import { ProfilePage } from './ProfilePage'
import { Search } from './Search'

const Me = graphql(`
  query Me {
    viewer {
      professional { id name title }
      workspace { id name }
    }
  }
`)

export function App({ onSignOut }: { onSignOut: () => void }) {
  const { data, error, refetch } = useQuery(Me)
  const profile = useProfileInAddress()
  const me = data?.viewer

  return (
    <div className="app">
      <header>
        <a className="brand" href="#/">Continuum</a>
        {me && (
          <p className="me" aria-label="Signed in as">
            <strong>{me.professional.name}</strong>
            <span>{[me.professional.title, me.workspace.name].filter(Boolean).join(' · ')}</span>
          </p>
        )}
        <button onClick={onSignOut}>Sign out</button>
      </header>
      {error ? <Problem error={error} onRetry={() => void refetch()} /> : (
        <div className={profile ? 'columns with-profile' : 'columns'}>
          <Search selected={profile} />
          <main>
            {profile
              ? <ProfilePage key={profile} id={profile} />
              : <p className="empty">Find a person on the left to see who they are, who is around them, and what is done for them.</p>}
          </main>
        </div>
      )}
    </div>
  )
}

// The address holds the id of the open profile and nothing else about anybody: ids are opaque, names are not.
function useProfileInAddress() {
  const hash = useSyncExternalStore(
    (onChange) => {
      addEventListener('hashchange', onChange)
      return () => removeEventListener('hashchange', onChange)
    },
    () => location.hash,
  )
  return /^#\/(prof_\w+)$/.exec(hash)?.[1]
}
