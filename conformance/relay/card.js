import { graphql } from 'relay-runtime'

graphql`
  fragment card_profile on Profile @refetchable(queryName: "cardRefetchQuery") {
    id
    version
    displayName
    grade
  }
`

graphql`
  query cardQuery($id: ID!) {
    profile(id: $id) { ...card_profile }
  }
`
