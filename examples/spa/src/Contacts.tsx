import { graphql, readFragment, type FragmentType } from './gql'
import { sentence } from './words'

const Fields = graphql(`
  fragment ProfileContacts on Profile {
    contacts(first: 20) {
      edges {
        relationship authority authorityInForce emergencyRank mayReceiveInformation restriction
        link { id }
        node { id displayName contactPoints { id value } }
      }
    }
  }
`)

export function Contacts({ of }: { of: FragmentType<typeof Fields> }) {
  const { edges } = readFragment(Fields, of).contacts
  return (
    <section className="card" aria-labelledby="contacts">
      <h2 id="contacts">Around them</h2>
      {edges.length === 0 && <p className="hint">Nobody is noted.</p>}
      <ul className="rows">
        {edges.map(({ link, node, ...edge }) => (
          <li key={link.id}>
            <div>
              <strong>{node.displayName}</strong>
              <span>{sentence(edge.relationship)}{edge.authorityInForce && edge.authority !== 'NONE' &&
                `, ${edge.authority.toLowerCase().replaceAll('_', ' ')} authority`}</span>
              <span>{node.contactPoints[0]?.value}</span>
            </div>
            <span className="chips">
              {edge.emergencyRank && <span className="chip">Emergency {edge.emergencyRank}</span>}
              {edge.restriction !== 'NONE' && <span className="chip warn">{sentence(edge.restriction)}</span>}
              {edge.restriction === 'NONE' && !edge.mayReceiveInformation && <span className="chip">Tell nothing</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
