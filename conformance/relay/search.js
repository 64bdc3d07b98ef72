import { graphql } from 'relay-runtime'

graphql`
  query searchQuery($text: String!, $count: Int!) {
    ...search_profiles @arguments(text: $text, count: $count)
  }
`

graphql`
  fragment search_profiles on Query
  @argumentDefinitions(text: { type: "String!" }, count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "searchPaginationQuery") {
    profiles(first: $count, after: $cursor, filter: { namePrefix: $text })
    @connection(key: "search_profiles", filters: ["filter"]) {
      __id
      totalCount
      edges { node { id displayName ...card_profile } }
    }
  }
`
