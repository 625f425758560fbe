// The part of Crawlgate's schema that the cases ask for, as a peer would write it: small, plain scalars, nothing extra.

export const typeDefs = /* GraphQL */ `
  type CrawlResult {
    url: String!
    title: String
    success: Boolean!
    statusCode: Int
    createdAt: String
    html: String
  }

  type Query {
    crawlResult(url: String!): CrawlResult
    crawlResults(urls: [String!]!): [CrawlResult]!
  }
`;
