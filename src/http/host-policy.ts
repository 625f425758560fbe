// Which Host headers are answered: without this a web page could make its own name point here and read everything.
import { isIP } from 'node:net';
import { isLoopback } from '../config/loopback.js';
import type { ListenConfig } from '../config.js';

/** Whether a request for `host` that came in at the address `localAddress` is answered. */
export type HostPolicy = (host: string | undefined, localAddress: string | undefined) => boolean;

/**
 * Loopback names and the public hosts, on any port. Where the gateway listens on other addresses: the very address that the
 * request came to as well, which is what load balancers probe.
 */
export function createHostPolicy(listen: Pick<ListenConfig, 'isLoopback' | 'publicHosts'>): HostPolicy {
  const publicHosts = new Set(listen.publicHosts);
  return rememberLast((host, localAddress) => {
    const name = nameOf(host);
    if (name === null) return false;
    if (isLoopback(name) || name.endsWith('.localhost') || publicHosts.has(name)) return true;
    return !listen.isLoopback && localAddress !== undefined && name === hostOfAddress(localAddress);
  });
}

/** Judging takes longer than finding a result in memory, and the next request mostly comes to the same host. */
function rememberLast(judge: HostPolicy): HostPolicy {
  let last: { readonly host: string | undefined; readonly localAddress: string | undefined } | null = null;
  let answer = false;
  return (host, localAddress) => {
    if (last === null || last.host !== host || last.localAddress !== localAddress) {
      answer = judge(host, localAddress);
      last = { host, localAddress };
    }
    return answer;
  };
}

/** The name without its port and the dot at its end, in lower case; null where it is none. */
function nameOf(host: string | undefined): string | null {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::[0-9]*)?$/i.exec(host ?? '') ?? [];
  return name === undefined ? null : name.toLowerCase().replace(/\.$/, '');
}

function hostOfAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIP(plain) === 6 ? `[${plain}]` : plain;
}
