// The examples beside the editor: an operation for each promise that the product keeps today, out of examples.graphql.
// Choosing one opens it in a tab of its own.
'use strict'

// readExamples takes the file apart: a line that begins with ## is the title, the comment after it says what to see.
function readExamples(text) {
  return text.split(/^## /m).slice(1).map((part) => {
    const [title, ...lines] = part.split('\n')
    const end = lines.findIndex((line) => !line.startsWith('#'))
    const about = lines.slice(0, end).map((line) => line.slice(2)).join(' ').trim()
    return { title, about, text: `# ${part.trim()}\n` }
  })
}

// newExamples makes the pane. Its icon is a lamp.
function newExamples(examples) {
  const { createElement, useEffect, useRef } = React

  const icon = () => createElement('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 },
    createElement('path', { strokeLinecap: 'round', strokeLinejoin: 'round',
      d: 'M9 17.5h6M10 21h4M12 3a6.5 6.5 0 0 0-3.5 12v2.5h7V15A6.5 6.5 0 0 0 12 3Z' }))

  const content = () => {
    const { addTab, activeTabIndex, queryEditor } = GraphiQL.React.useEditorContext({ nonNull: true })
    const chosen = useRef(null)
    // A new tab begins with the default query, and is there only after React has drawn it.
    useEffect(() => {
      if (chosen.current === null) return
      queryEditor?.setValue(chosen.current)
      chosen.current = null
    }, [activeTabIndex, queryEditor])
    const open = (example) => {
      chosen.current = example.text
      addTab()
    }
    return createElement('section', { className: 'continuum-examples', 'aria-label': 'Examples' },
      createElement('h2', { className: 'graphiql-doc-explorer-title' }, 'Examples'),
      createElement('p', null, 'What Continuum does, on the demo. Each opens in a tab; “as Bob” means with his key.'),
      createElement('ol', null, examples.map((example) =>
        createElement('li', { key: example.title },
          createElement('button', { type: 'button', onClick: () => open(example) }, example.title),
          createElement('p', null, example.about)))),
      createElement('p', { className: 'continuum-later' },
        'Not here yet: to write to a person from their profile, and to import the old model.'))
  }

  return { title: 'Examples', icon, content }
}
