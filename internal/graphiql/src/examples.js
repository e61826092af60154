import countsByStatus from './examples/counts-by-status.graphql?raw'
import liveFeed from './examples/live-feed.graphql?raw'
import nextPage from './examples/next-page.graphql?raw'
import pendingOfAccount from './examples/pending-of-account.graphql?raw'
import searchByPhone from './examples/search-by-phone.graphql?raw'
import variables from './examples/variables.json'

/** The tabs of a first visit. The ids in them are the sandbox's. */
export const examples = [
  { query: searchByPhone, variables: variables.SearchByPhone },
  { query: pendingOfAccount, variables: variables.PendingOfAccount },
  { query: nextPage, variables: variables.NextPage },
  { query: countsByStatus, variables: variables.CountsByStatus },
  { query: liveFeed, variables: variables.LiveFeed },
].map(({ query, variables }) => ({
  query: query.trimEnd(),
  variables: variables && JSON.stringify(variables, null, 2),
}))
