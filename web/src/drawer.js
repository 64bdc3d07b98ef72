// Where GraphiQL keeps things. Left alone it puts all of them into localStorage for good, and its history keeps the
// headers of every run even when shouldPersistHeaders is false. Here a key never leaves the page's memory, and what
// was typed (it may name a child) ends with the browser tab.
'use strict'

const drawer = (() => {
  const shapes = /^graphiql:(theme|visiblePlugin|\w+Flex)$/
  const drafts = /^graphiql:(query|operationName|variables|tabState)$/
  const memory = new Map()
  const inMemory = {
    getItem: (name) => memory.get(name) ?? null,
    setItem: (name, value) => void memory.set(name, value),
    removeItem: (name) => void memory.delete(name),
  }

  const placeOf = (name) => {
    if (shapes.test(name)) return localStorage
    if (drafts.test(name)) return sessionStorage
    return inMemory
  }

  return {
    getItem: (name) => placeOf(name).getItem(name),
    setItem: (name, value) => placeOf(name).setItem(name, value),
    removeItem: (name) => placeOf(name).removeItem(name),
    get length() {
      return localStorage.length + sessionStorage.length + memory.size
    },
    clear() {
      memory.clear()
      for (const place of [localStorage, sessionStorage]) {
        for (const name of Object.keys(place)) {
          if (name.startsWith('graphiql:')) place.removeItem(name)
        }
      }
    },
  }
})()
