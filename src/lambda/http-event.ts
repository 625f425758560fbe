// An event of API Gateway's HTTP API or of a function URL (payload format 2.0), and the request that it stands for.

/** The parts of an event that are read. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export interface HttpEvent {
  readonly version: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names in lower case; several values of one name with commas between them. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage?: string;
    readonly http: { readonly method: string; readonly sourceIp?: string };
  };
}

/** What the gateway is asked. */
export interface EventRequest {
  readonly method: string;
  /** Path and query string. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Headers about the connection to AWS, which is not the one to the gateway. */
const hopHeaders = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Whether it is an event of payload format 2.0. Format 1.0, load balancers and tests in the console send others. */
export function isHttpEvent(event: unknown): event is HttpEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { version, rawPath, requestContext } = event as Partial<HttpEvent>;
  return version === '2.0' && typeof rawPath === 'string' && typeof requestContext?.http?.method === 'string';
}

/** AWS decodes paths, and node:http sends no space and nothing beyond ASCII. Half of a surrogate pair becomes U+FFFD. */
function encoded(target: string): string {
  return target.toWellFormed().replaceAll(/[^!-~]/gu, encodeURIComponent);
}

/** The request, without the stage that stands before the path of every stage but `$default`. */
export function requestOf(event: HttpEvent): EventRequest {
  const { rawPath, rawQueryString, headers = {}, cookies = [], requestContext } = event;
  const { stage = '$default', http } = requestContext;
  const prefix = `/${stage}`;
  const isStaged = stage !== '$default' && (rawPath === prefix || rawPath.startsWith(`${prefix}/`));
  const path = isStaged ? rawPath.slice(prefix.length) || '/' : rawPath;
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopHeaders.has(name.toLowerCase())) sent[name.toLowerCase()] = value;
  }
  if (cookies.length > 0) sent.cookie = cookies.join('; ');
  // Who called is what AWS says, whatever the caller says.
  if (http.sourceIp !== undefined) sent['x-forwarded-for'] = http.sourceIp;
  const host = headers.host;
  if (host !== undefined) sent['x-forwarded-host'] = host;
  return {
    method: http.method,
    target: encoded(rawQueryString === '' ? path : `${path}?${rawQueryString}`),
    headers: sent,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
