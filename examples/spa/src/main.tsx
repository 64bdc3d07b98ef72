import { ApolloProvider } from '@apollo/client/react'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { connect, type Connection } from './client'
import { SignIn } from './SignIn'
import './style.css'

// The key lives in this state and nowhere else: a reload forgets it, and signing out forgets all that was read by it.
function Root() {
  const [connection, setConnection] = useState<Connection>()
  const [refused, setRefused] = useState(false)

  const leave = (wasRefused: boolean) => {
    setRefused(wasRefused)
    setConnection((open) => {
      open?.close()
      return undefined
    })
  }

  if (!connection) {
    return <SignIn refused={refused} onKey={(key) => setConnection(connect(key, () => leave(true)))} />
  }
  return (
    <ApolloProvider client={connection.client}>
      <App onSignOut={() => leave(false)} />
    </ApolloProvider>
  )
}

createRoot(document.getElementById('root')!).render(<StrictMode><Root /></StrictMode>)
