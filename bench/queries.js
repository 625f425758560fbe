// The queries of all cases, as clients send them.

const smallFields = 'url title success statusCode createdAt';

export const oneSmall = `query One($url: String!) { crawlResult(url: $url) { ${smallFields} } }`;
export const manySmall = `query Many($urls: [String!]!) { crawlResults(urls: $urls) { ${smallFields} } }`;
export const manyHtml = 'query Pages($urls: [String!]!) { crawlResults(urls: $urls) { url html } }';
export const manyTexts =
  'query Texts($urls: [String!]!) { crawlResults(urls: $urls) { url html cleanedHtml markdown { rawMarkdown } } }';

/** @param {string} query @param {Record<string, unknown>} variables */
export function bodyOf(query, variables) {
  return JSON.stringify({ query, variables });
}
