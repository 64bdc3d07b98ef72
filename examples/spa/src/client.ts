import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, makeVar } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities'
import { createClient, type Client as Socket } from 'graphql-ws'
import { OperationTypeNode } from 'graphql'

export type Connection = { client: ApolloClient; close: () => void }

// live says whether changes arrive by themselves just now.
export const live = makeVar(false)

// connect makes a client that acts by one key. onRefused hears that the server no longer takes the key.
export function connect(key: string, onRefused: () => void): Connection {
  const address = new URL('/graphql', import.meta.env.VITE_CONTINUUM_URL || location.origin)
  const authorization = `Bearer ${key}`

  const http = new HttpLink({
    uri: address.href,
    credentials: 'omit',
    headers: { Authorization: authorization, Accept: 'application/graphql-response+json' },
  })
  const socket = createClient({
    url: address.href.replace(/^http/, 'ws'),
    connectionParams: { Authorization: authorization }, // a browser cannot set headers on a socket
    shouldRetry: () => true,
    retryAttempts: Infinity,
    on: {
      // What happened while the line was down is not sent again, so ask for what is on the screen.
      connected: (_socket, _payload, wasRetry) => {
        live(true)
        if (wasRetry) void client.refetchQueries({ include: 'active' })
      },
      closed: () => live(false),
    },
  })

  const client = new ApolloClient({
    link: ApolloLink.from([
      refusals(onRefused),
      patience,
      ...(import.meta.env.VITE_TRUSTED_DOCUMENTS === 'true' ? [trustedDocuments] : []),
      ApolloLink.split(is(OperationTypeNode.SUBSCRIPTION), new GraphQLWsLink(withoutTrustedText(socket)), http),
    ]),
    cache: newCache(),
  })

  return {
    client,
    close: () => {
      client.stop()
      void socket.dispose()
    },
  }
}

function newCache() {
  return new InMemoryCache({
    possibleTypes: { Recipient: ['Professional', 'Unit', 'Workspace'], Owner: ['Professional', 'Unit'] },
    typePolicies: {
      Query: { fields: { profiles: relayStylePagination(['filter', 'orderBy']) } },
      Viewer: { keyFields: [] }, // one viewer per key, and a cache per key
      ViewerCan: { merge: true },
    },
  })
}

const is = (kind: OperationTypeNode) => ({ query }: ApolloLink.Operation) => {
  const main = getMainDefinition(query)
  return main.kind === 'OperationDefinition' && main.operation === kind
}

// refusals hears what ends the session, whichever operation it comes to.
const refusals = (onRefused: () => void) => new ErrorLink(({ error }) => {
  const refused = CombinedGraphQLErrors.is(error)
    ? error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
    : ServerError.is(error) && error.statusCode === 401
  if (refused) onRefused()
})

// patience asks again where asking twice does no harm: a query that the network lost, or that a busy server put off.
const patience = new RetryLink({
  delay: { initial: 500, max: 5_000 },
  attempts: {
    max: 4,
    retryIf: (error, operation) => is(OperationTypeNode.QUERY)(operation) && !CombinedGraphQLErrors.is(error) &&
      (!ServerError.is(error) || error.statusCode === 429 || error.statusCode === 503),
  },
})

// trustedDocuments sends the hash that codegen gave a document in place of its text. The server knows the texts from
// src/gql/persisted-documents.json (`serve --trusted-documents`), and may be told to run nothing else for browsers.
const trustedDocuments = new ApolloLink((operation, forward) => {
  const { __meta__: meta } = operation.query as { __meta__?: { hash: string } }
  operation.extensions.persistedQuery = { version: 1, sha256Hash: meta?.hash }
  operation.setContext({ http: { includeQuery: false, includeExtensions: true } })
  return forward(operation)
})

// withoutTrustedText is the same for a socket, whose protocol wants a text: an empty one.
function withoutTrustedText(socket: Socket): Socket {
  return {
    ...socket,
    subscribe: (request, sink) =>
      socket.subscribe(request.extensions?.persistedQuery ? { ...request, query: '' } : request, sink),
  }
}
