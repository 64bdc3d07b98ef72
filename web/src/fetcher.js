// How GraphiQL talks to the server: POST for queries and mutations, graphql-transport-ws for subscriptions, both at
// /graphql of the server the page came from. The key travels in the Authorization header, or on a socket (where a
// browser cannot set headers) in the first message; never in an address.
'use strict'

// template is what the headers pane shows at first; a key replaces the dots.
const template = '{\n  "Authorization": "Bearer ck_..."\n}'

// credential finds the Authorization value that the visitor typed, or '' while there is none to send: sending the
// template would only count as a failed sign-in.
function credential(headers) {
  const entry = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')
  const value = typeof entry?.[1] === 'string' ? entry[1].trim() : ''
  return value.includes('...') ? '' : value
}

function isSubscription(params, document) {
  return Boolean(document?.definitions.some((definition) =>
    definition.kind === 'OperationDefinition' &&
    definition.operation === 'subscription' &&
    (!params.operationName || definition.name?.value === params.operationName)))
}

// socketErrors turns what ended a subscription into what GraphiQL shows: the server's own errors, or why it hung up.
function socketErrors(reason) {
  if (Array.isArray(reason)) return reason
  if (reason instanceof CloseEvent) {
    return [{ message: `The server closed the socket: ${reason.code} ${reason.reason}`.trim() }]
  }
  return [{ message: reason.message }]
}

// newFetcher makes a fetcher for GraphiQL; onAnswer hears the status of each HTTP answer.
function newFetcher(onAnswer) {
  const post = async (params, headers) => {
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: {
        ...headers,
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify(params),
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    })
    onAnswer(answer.status)
    if (answer.status === 401 && params.operationName === 'IntrospectionQuery') {
      // Thrown, so that GraphiQL does not ask again with an older form of the same question.
      throw new Error('The server did not accept the key.')
    }
    return answer.json()
  }

  async function* subscribe(params, headers) {
    const address = new URL('/graphql', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    // One socket per subscription, never retried: GraphiQL's stop button closes it, and an end is shown as an end.
    const client = graphqlWs.createClient({
      url: address.href,
      connectionParams: { Authorization: credential(headers) },
      retryAttempts: 0,
    })
    try {
      yield* client.iterate(params)
    } catch (reason) {
      yield { errors: socketErrors(reason) }
    } finally {
      client.dispose()
    }
  }

  return (params, options) => {
    if (!credential(options?.headers)) {
      const message = 'Paste your API key into the headers pane below: "Authorization": "Bearer ck_..."'
      return Promise.resolve({ errors: [{ message }] })
    }
    if (isSubscription(params, options?.documentAST)) return subscribe(params, options.headers)
    return post(params, options.headers)
  }
}
