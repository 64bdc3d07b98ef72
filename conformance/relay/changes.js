import { graphql } from 'relay-runtime'

graphql`
  mutation changesCreateMutation($input: CreateProfileInput!, $connections: [ID!]!) {
    createProfile(input: $input) {
      profile @appendNode(connections: $connections, edgeTypeName: "ProfileEdge") { id displayName ...card_profile }
      userErrors { code field message }
    }
  }
`

graphql`
  mutation changesSaveMutation($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      profile { id version ...card_profile }
      userErrors { code field message currentValue }
    }
  }
`

graphql`
  mutation changesAgainMutation($input: CreateProfileInput!, $key: String!) {
    createProfile(input: $input) @idempotent(key: $key) {
      profile { id }
      userErrors { code }
    }
  }
`

graphql`
  subscription changesSubscription($id: ID!) {
    profileChanged(id: $id) { id version ...card_profile }
  }
`
