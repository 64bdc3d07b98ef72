// Starts GraphiQL on the welcome query with the headers pane open. The schema can be read only with a key, so the
// documentation waits for one, and is read again each time the key changes.
'use strict'

// typingPause is how long the headers must rest before a key counts as typed, in milliseconds.
const typingPause = 500

// shortestToken keeps half-typed keys from being tried, and logged, as failed sign-ins.
const shortestToken = /^Bearer \S{20,}$/i

// firstVisit is true until a pane beside the editor was opened or closed.
const firstVisit = drawer.getItem('graphiql:docExplorerFlex') === null

const hints = {
  waiting: 'Paste your key into the headers pane',
  checking: 'Checking the key…',
  ready: 'Signed in',
  refused: 'The server did not accept the key',
  failed: 'The server did not answer',
}

function readHeaders(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null // still being typed
  }
}

function Explorer({ welcome, plugins }) {
  const { createElement, useCallback, useEffect, useMemo, useRef, useState } = React
  const [key, setKey] = useState('')
  const [state, setState] = useState('waiting')
  const [headers, setHeaders] = useState(template)
  const pause = useRef(0)

  // A new key makes a new fetcher, and a new fetcher makes GraphiQL read the schema again.
  const fetcher = useMemo(() => newFetcher((status) => {
    if (status === 401) setState('refused')
    else if (status >= 500) setState('failed')
    else setState('ready')
  }), [key])

  const onEditHeaders = useCallback((text) => {
    clearTimeout(pause.current)
    pause.current = setTimeout(() => {
      const typed = credential(readHeaders(text))
      if (!shortestToken.test(typed)) return
      setHeaders(text) // new tabs start with the same key
      setKey((known) => {
        if (known !== typed) setState('checking')
        return typed
      })
    }, typingPause)
  }, [])

  // A newcomer sees the examples. The visiblePlugin of GraphiQL 4 chooses a pane without showing it; its button does both.
  useEffect(() => {
    if (firstVisit) setTimeout(() => document.querySelector('button[aria-label="Show Examples"]')?.click())
  }, [])

  return createElement(
    GraphiQL,
    {
      fetcher,
      // null tells GraphiQL not to ask for a schema yet; undefined lets it ask.
      schema: key ? undefined : null,
      plugins,
      storage: drawer,
      shouldPersistHeaders: false,
      defaultQuery: welcome,
      defaultHeaders: headers,
      defaultEditorToolsVisibility: 'headers',
      onEditHeaders,
      inputValueDeprecation: true,
      schemaDescription: true,
    },
    createElement(GraphiQL.Logo, null,
      createElement('span', { className: 'continuum-status', role: 'status', 'data-state': state }, hints[state])),
  )
}

async function readText(name) {
  const answer = await fetch(`/assets/${name}`, { credentials: 'omit' })
  return answer.ok ? answer.text() : ''
}

async function start() {
  const [welcome, examples] = await Promise.all([readText('welcome.graphql'), readText('examples.graphql')])
  const plugins = [newExamples(readExamples(examples))]
  ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(Explorer, { welcome, plugins }))
}

start()
