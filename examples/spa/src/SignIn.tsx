import { useState } from 'react'

// SignIn asks for an API key, as GraphiQL does. A real page would send its people to their OpenID Connect provider
// instead, and use the access token that they come back with in the same place.
export function SignIn({ refused, onKey }: { refused: boolean; onKey: (key: string) => void }) {
  const [key, setKey] = useState('')
  return (
    <main className="sign-in">
      <h1>Continuum</h1>
      <p>Who a person is, and what is done for them, as far as <em>you</em> may see.</p>
      <form onSubmit={(event) => { event.preventDefault(); onKey(key.trim()) }}>
        <label htmlFor="key">Your key</label>
        <input id="key" type="password" required autoFocus autoComplete="off" spellCheck={false} placeholder="ck_…"
          pattern="\s*\S{20,}\s*" title="The whole key, as it was shown once"
          value={key} onChange={(event) => setKey(event.target.value)} />
        <button className="primary">Sign in</button>
        {refused && <p role="alert" className="problem">The server does not take this key.</p>}
        <p className="hint">It stays in the memory of this page; a reload forgets it.</p>
      </form>
    </main>
  )
}
