import react from '@vitejs/plugin-react'
import { defineConfig, loadEnv } from 'vite'

// In development the page asks its own origin, and Vite passes /graphql on to the server. A build asks the server named
// by VITE_CONTINUUM_URL, which must allow the page's origin; without the name it asks its own origin too.
export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, import.meta.dirname).VITE_CONTINUUM_URL ?? ''
  const socket = server.replace(/^http/, 'ws')
  return {
    plugins: [react()],
    server: {
      proxy: { '/graphql': { target: server || 'http://127.0.0.1:8080', ws: true } },
    },
    preview: {
      headers: {
        'Content-Security-Policy': [
          "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
          `connect-src 'self' ${server} ${socket}`.trim(),
          "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].join('; '),
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
      },
    },
  }
})
