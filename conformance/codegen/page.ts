// What a page does with the generated types. It is compiled and never run; the lines after @ts-expect-error must fail.
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core'
import { useFragment } from './gql'
import {
  FollowDocument, PersonFragmentDoc, ProfilePageDocument, SaveProfileDocument, type ErrorCode, type UpdateProfileInput,
} from './gql/graphql'

type Page = ResultOf<typeof ProfilePageDocument>

export function title(page: Page): string {
  if (!page.profile) return 'Not there, or not for you'
  const person = useFragment(PersonFragmentDoc, page.profile)
  const since: string[] = page.profile.records.edges.map((edge) => `${edge.role} ${edge.linkedAt}`)
  // @ts-expect-error A profile can be hidden, so it may be null.
  page.profile!.records satisfies null
  // @ts-expect-error A grade may be absent.
  const grade: string = person.grade
  return [person.displayName, grade, ...since].join(' ')
}

export function owners(page: Page): (string | undefined)[] {
  return (page.profile?.records.edges ?? []).map(({ node: { owner } }) => {
    switch (owner?.__typename) {
      case 'Professional': return owner.name
      case 'Unit': return owner.name
    }
  })
}

// Absent is unchanged, null clears: both are of the type, and they differ.
export const changes: UpdateProfileInput[] = [
  { id: 'prof_1', expectedVersion: 1 },
  { id: 'prof_1', expectedVersion: 1, grade: null },
  { id: 'prof_1', expectedVersion: 1, birthDate: '2017-04-12' },
  // @ts-expect-error There is no edit without the version that was read.
  { id: 'prof_1' },
]

export const asked: VariablesOf<typeof ProfilePageDocument> = { id: 'prof_1', filter: { status: ['OPEN'] } }

export function conflict(saved: ResultOf<typeof SaveProfileDocument>): string | undefined {
  const wanted: ErrorCode = 'CONFLICT'
  return saved.updateProfile?.userErrors.find(({ code }) => code === wanted)?.currentValue ?? undefined
}

export function shown(event: ResultOf<typeof FollowDocument>): string {
  return useFragment(PersonFragmentDoc, event.profileChanged).displayName
}
