// The rules of @graphql-eslint that the SDL keeps. Switched off, with reasons:
// - relay-edge-types, listTypeCanWrapOnlyEdgeType: connections have nodes too, and some lists are short by their nature;
//   graph/sdl_test.go names those.
// - input-name: our inputs begin with a capital, as all types do.
// - require-nullable-result-in-root: what a right can hide is nullable, the rest is not.
// - require-deprecation-date: it wants an argument that GraphQL's @deprecated does not have; the date stands in the reason.
import graphql from '@graphql-eslint/eslint-plugin'

export default [{
  files: ['**/*.graphql'],
  languageOptions: { parser: graphql.parser },
  plugins: { '@graphql-eslint': graphql },
  rules: {
    '@graphql-eslint/relay-arguments': 'error',
    '@graphql-eslint/relay-connection-types': 'error',
    '@graphql-eslint/relay-edge-types': ['error', {
      withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false,
    }],
    '@graphql-eslint/relay-page-info': 'error',
    '@graphql-eslint/require-description': ['error', {
      types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true,
    }],
    '@graphql-eslint/no-hashtag-description': 'error',
    '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
    '@graphql-eslint/no-unreachable-types': 'error',
    '@graphql-eslint/require-deprecation-reason': 'error',
    '@graphql-eslint/unique-enum-value-names': 'error',
    '@graphql-eslint/naming-convention': ['error', {
      types: 'PascalCase', FieldDefinition: 'camelCase', InputValueDefinition: 'camelCase', Argument: 'camelCase',
      DirectiveDefinition: 'camelCase', EnumValueDefinition: 'UPPER_CASE',
    }],
  },
}]
