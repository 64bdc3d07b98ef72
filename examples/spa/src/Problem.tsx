import { CombinedGraphQLErrors, ServerError } from '@apollo/client'

// Problem shows what went wrong in the server's words, which are meant for people.
export function Problem({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <p role="alert" className="problem">
      {inWords(error)} {onRetry && <button onClick={onRetry}>Try again</button>}
    </p>
  )
}

function inWords(error: Error): string {
  if (CombinedGraphQLErrors.is(error)) {
    return error.errors.map(({ message, extensions }) =>
      extensions?.requestId ? `${message} (request ${extensions.requestId})` : message).join(' ')
  }
  if (ServerError.is(error)) return `The server answered with status ${error.statusCode}.`
  return 'The server cannot be reached.'
}
