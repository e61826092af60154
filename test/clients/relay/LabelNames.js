"use strict";

// The labels of chats and those of the project, in two queries.

const { graphql } = require("react-relay");

const chatsQuery = graphql`
  query LabelNamesChatsQuery {
    searchChats(first: 30) {
      nodes {
        id
        labels {
          id
          name
        }
      }
    }
  }
`;

const labelsQuery = graphql`
  query LabelNamesQuery {
    labels {
      id
      name
    }
  }
`;

module.exports = { chatsQuery, labelsQuery };
