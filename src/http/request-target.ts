// Takes a request's first line apart: which host is meant, which path exactly, and what comes after the question mark.

/** A request's target. Path and search are as they were sent: nothing is decoded or normalised. */
export interface RequestTarget {
  /** Host and port as given, from the target if it is absolute, else from the Host header. */
  readonly host: string | undefined;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

const absolute = /^https?:\/\/([^/?#]*)(.*)$/i;

/** Reads origin-form and absolute-form (https://www.rfc-editor.org/rfc/rfc9112#section-3.2); null for anything else. */
export function readTarget(url: string, hostHeader: string | undefined): RequestTarget | null {
  // Nearly every target begins so, and no absolute one does.
  const [, authority, rest = url] = (url.startsWith('/') ? null : absolute.exec(url)) ?? [];
  const local = authority !== undefined && !rest.startsWith('/') ? `/${rest}` : rest;
  if (!local.startsWith('/')) return null;
  const mark = local.indexOf('?');
  return {
    // An absolute target is what counts; the Host header must be ignored then.
    host: authority ?? hostHeader,
    path: mark === -1 ? local : local.slice(0, mark),
    search: mark === -1 ? '' : local.slice(mark),
  };
}
