// Takes out of a text what URLs may carry in secret: user names and passwords, query strings, fragments.

const url = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s"'<>/?#@]*@)?([^\s"'<>?#]*)([?#][^\s"'<>]*)?/gi;

/** The text with every absolute URL in it cut after its path; a mark stays where something was. */
export function redactUrls(text: string): string {
  return text.replace(url, (_, scheme: string, rest: string, query: string | undefined) => {
    return `${scheme}${rest}${query === undefined ? '' : '?…'}`;
  });
}
