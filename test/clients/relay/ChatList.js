"use strict";

// A list of chats as a Relay application would write it. babel-plugin-relay
// puts what relay-compiler makes of the documents in their place.

const { createElement: h } = require("react");
const { graphql, useLazyLoadQuery, usePaginationFragment } = require("react-relay");

/** Shows the first (or last) chats, and a button for each way to go on. */
function ChatList({ variables, pageSize }) {
  const query = useLazyLoadQuery(
    graphql`
      query ChatListQuery(
        $filter: ChatFilter
        $first: Int
        $after: String
        $last: Int
        $before: String
      ) {
        ...ChatList_chats
          @arguments(filter: $filter, first: $first, after: $after, last: $last, before: $before)
      }
    `,
    variables,
  );
  const { data, ...paging } = usePaginationFragment(
    graphql`
      fragment ChatList_chats on Query
      @argumentDefinitions(
        filter: { type: "ChatFilter" }
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      )
      @refetchable(queryName: "ChatListPaginationQuery") {
        searchChats(filter: $filter, first: $first, after: $after, last: $last, before: $before)
          @connection(key: "ChatList_searchChats", filters: ["filter"]) {
          totalCount
          edges {
            node {
              id
              status
              channel {
                contactId
                accountId
              }
            }
          }
        }
      }
    `,
    query,
  );
  const { totalCount, edges } = data.searchChats;
  return h(
    "section",
    { "aria-label": `${totalCount} chats` },
    h(
      "button",
      { disabled: !paging.hasPrevious, onClick: () => paging.loadPrevious(pageSize) },
      "Previous",
    ),
    h(
      "ul",
      null,
      edges.map(({ node }) =>
        h("li", { key: node.id }, [node.id, node.status, node.channel.accountId].join(" ")),
      ),
    ),
    h("button", { disabled: !paging.hasNext, onClick: () => paging.loadNext(pageSize) }, "Next"),
  );
}

module.exports = { ChatList };
