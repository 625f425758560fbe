// The page at `/`, the files under /page/ that it is made of, and the hour that it draws.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HistoryReport } from '../observability/history-hour.js';
import { chooseEncoding } from './content-encoding.js';
import type { Route } from './graphql-route.js';
import type { PageFiles } from './page-files.js';
import { type Refuse, sendJson } from './refusal.js';

/** What the page's routes answer with. */
export interface PageRouteDeps {
  readonly files: PageFiles;
  /** The last hour, as the page draws it. */
  readonly readHistory: () => Promise<HistoryReport>;
}

const compress = promisify(gzip);

/** Makes the route of `/` and of every path that begins with /page/. A gateway without a built page leads to GraphiQL. */
export function createPageRoute({ files, refuse }: PageRouteDeps & { readonly refuse: Refuse }): Route {
  return async (request, response, { path }) => {
    const answer = await files.respond(path, request.headers);
    if (answer !== null) {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    } else if (path === '/') {
      response.writeHead(302, { location: '/graphql', 'content-length': 0 });
      response.end();
    } else {
      refuse(response, { status: 404, code: 'NOT_FOUND', message: 'The page has no such file.' });
    }
  };
}

/** Makes the route of the last hour's history. */
export function createHistoryRoute({ readHistory }: PageRouteDeps): Route {
  return async (request, response) => {
    const json = JSON.stringify(await readHistory());
    const headers = { vary: 'accept-encoding' };
    if (chooseEncoding(request.headers['accept-encoding']?.toString(), ['gzip', 'identity']) === 'identity') {
      sendJson(response, 200, json, headers);
      return;
    }
    const body = await compress(json, { level: 1 });
    response.writeHead(200, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      'content-encoding': 'gzip',
      'cache-control': 'no-store',
    });
    response.end(body);
  };
}
