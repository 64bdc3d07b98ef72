import { CombinedGraphQLErrors, type ApolloCache } from '@apollo/client'
import { useApolloClient, useQuery, useReactiveVar, useSubscription } from '@apollo/client/react'
import { Fragment, useState } from 'react'
import { live } from './client'
import { Contacts } from './Contacts'
import { graphql, readFragment } from './gql'
import { LinkDialog } from './LinkDialog'
import { Problem } from './Problem'
import { ProfileForm } from './ProfileForm'
import { Records } from './Records'
import { birth, sentence } from './words'

// What the whole page shows, so that the query and the subscription ask for the same: what arrives by either is on the
// screen at once, through Apollo's cache.
const Whole = graphql(`
  fragment ProfileWhole on Profile {
    id
    displayName
    birthDate
    birthDatePrecision
    pronouns
    grade
    languages
    institution { id name }
    homeWorkspace { id name }
    contactPoints { id kind value label }
    workspaceFile { id fileNumber tags }
    viewerCan { update link share transfer message }
    ...ProfileFormValues
    ...ProfileContacts
    ...ProfileRecords
    ...LinkableProfile
  }
`)

const OneProfile = graphql(`query OneProfile($id: ID!) { profile(id: $id) { ...ProfileWhole } }`)

const ProfileLive = graphql(`subscription ProfileLive($id: ID!) { profileChanged(id: $id) { ...ProfileWhole } }`)

const mayDo = { update: 'edit', link: 'link to a record', share: 'share a record', transfer: 'hand a record over' } as const

export function ProfilePage({ id }: { id: string }) {
  const { data, loading, error, refetch } = useQuery(OneProfile, { variables: { id }, fetchPolicy: 'cache-and-network' })
  const apollo = useApolloClient()
  const [open, setOpen] = useState<'edit' | 'link'>()
  const [changes, setChanges] = useState(0)
  const isLive = useReactiveVar(live)
  const following = useSubscription(ProfileLive, {
    variables: { id },
    onData: () => setChanges((n) => n + 1),
    onError: (problem) => {
      if (ended(problem)) forget(apollo.cache, id)
    },
  })
  const profile = readFragment(Whole, data?.profile)

  const again = () => {
    void refetch()
    following.restart()
  }
  if (ended(following.error)) return <Gone onRetry={again} />
  if (error) return <Problem error={error} onRetry={again} />
  if (!profile) return loading ? <p className="empty" role="status">Loading…</p> : <Gone onRetry={again} />

  const facts: [string, string | null | undefined][] = [
    ['Born', profile.birthDate && birth(profile.birthDate, profile.birthDatePrecision)],
    ['Pronouns', profile.pronouns],
    ['Languages', profile.languages.join(', ')],
    ['Institution', profile.institution?.name],
    ['Grade', profile.grade],
    ['Kept by', profile.homeWorkspace?.name],
    ['File', profile.workspaceFile?.fileNumber],
    ['Tags', profile.workspaceFile?.tags.join(', ')],
  ]
  const may = Object.entries(mayDo).filter(([act]) => profile.viewerCan[act as keyof typeof mayDo]).map(([, words]) => words)

  return (
    <article aria-labelledby="who">
      <div className="title">
        <h1 id="who">{profile.displayName}</h1>
        <p className="live" role="status" data-state={isLive ? 'live' : 'waiting'}>
          {isLive ? 'Live' : 'Connecting…'}
          {changes > 0 && <span key={changes}>Updated just now</span>}
        </p>
        <div className="actions">
          {profile.viewerCan.update && <button onClick={() => setOpen('edit')}>Edit</button>}
          {profile.viewerCan.link && <button onClick={() => setOpen('link')}>Link to a record</button>}
        </div>
      </div>
      <p className="hint">{may.length > 0 ? `You may ${list(may)}.` : 'You may read this page.'}</p>

      <div className="cards">
        <section className="card" aria-labelledby="facts">
          <h2 id="facts">Who they are</h2>
          <dl>
            {facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
          </dl>
          <h2>How to reach them</h2>
          {profile.contactPoints.length === 0 && <p className="hint">No number and no address.</p>}
          <dl>
            {profile.contactPoints.map((point) => (
              <div key={point.id}><dt>{point.label ?? sentence(point.kind)}</dt><dd>{point.value.split('@').map((part, i) => i === 0 ? part : <Fragment key={i}><wbr />@{part}</Fragment>)}</dd></div>
            ))}
          </dl>
        </section>
        <div>
          <Records of={profile} />
          <Contacts of={profile} />
        </div>
      </div>

      {open === 'edit' && <ProfileForm of={profile} onClose={() => setOpen(undefined)} />}
      {open === 'link' && <LinkDialog profile={profile} onClose={() => setOpen(undefined)} />}
    </article>
  )
}

// Gone says the same of a profile that never was, that is not for this viewer, or that no longer is.
function Gone({ onRetry }: { onRetry: () => void }) {
  return (
    <p className="empty" role="status">
      There is nobody here whom you may see. <button onClick={onRetry}>Look again</button>
    </p>
  )
}

// forget takes somebody whom the viewer may no longer see out of all that this page remembers, and so off the screen.
function forget(cache: ApolloCache, id: string) {
  cache.evict({ id: cache.identify({ __typename: 'Profile', id }) })
  cache.gc()
}

function ended(error?: Error): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === 'ACCESS_ENDED')
}

const list = (words: string[]) => new Intl.ListFormat('en').format(words)
