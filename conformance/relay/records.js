import { graphql } from 'relay-runtime'

// The records of a person, page by page: the further pages are asked for by node(id:).
graphql`
  query recordsQuery($id: ID!, $count: Int!) {
    profile(id: $id) { ...records_profile @arguments(count: $count) }
  }
`

graphql`
  fragment records_profile on Profile
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "recordsPaginationQuery") {
    id
    records(first: $count, after: $cursor) @connection(key: "records_records", filters: []) {
      edges { role linkedAt node { id number title } }
    }
  }
`
