"use strict";

// A list of chats, and the feed of its changes.

const { graphql } = require("react-relay");

const listQuery = graphql`
  query ChatFeedQuery {
    searchChats(first: 30) @connection(key: "ChatList_searchChats") {
      totalCount
      liveCursor
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

const feedSubscription = graphql`
  subscription ChatFeedSubscription($since: String) {
    chatsChanged(since: $since) {
      cursor
      totalCount
      changes {
        __typename
        ... on ChatEntered {
          edge {
            cursor
            node {
              id
              name
            }
          }
          index
        }
        ... on ChatUpdated {
          chat {
            id
            name
          }
        }
        ... on ChatLeft {
          chatId
        }
      }
    }
  }
`;

module.exports = { listQuery, feedSubscription };
