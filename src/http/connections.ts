// Knows every connection and what is being answered on it, so that a server can be closed without cutting an answer off.
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of one server. */
export interface Connections {
  /** Whether an answer is under way on this connection. */
  isBusy(socket: Duplex): boolean;
  /** The IP address at its other end; null where it has gone. */
  addressOf(socket: Duplex): string | null;
  /** How many are open. */
  count(): number;
  /**
   * Stops accepting, closes idle connections at once and the others after their answers. What is not answered after
   * `limitMs` milliseconds is cut off. Resolves when all are closed; never rejects.
   */
  drain(limitMs: number): Promise<void>;
}

interface Connection {
  readonly socket: Socket;
  readonly answers: Set<ServerResponse>;
}

/**
 * Watches a server that does not listen yet. A connection above `max` is closed at once. Not by the server's own
 * `maxConnections`: a worker of node:cluster hands on what is above that, and all full ones would hand it round for ever.
 */
export function watchConnections(server: Server, max: number): Connections {
  const connections = new Map<Duplex, Connection>();
  let isDraining = false;

  server.on('connection', (socket: Socket) => {
    if (connections.size >= max) {
      socket.destroy();
      return;
    }
    connections.set(socket, { socket, answers: new Set() });
    socket.once('close', () => connections.delete(socket));
  });

  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    const answers = connections.get(socket)?.answers;
    answers?.add(response);
    if (isDraining) response.shouldKeepAlive = false;
    response.once('close', () => {
      answers?.delete(response);
      // Its headers may have gone out before the draining began, promising to keep the connection.
      if (isDraining && answers?.size === 0) socket.destroySoon();
    });
  });

  return {
    isBusy: (socket) => (connections.get(socket)?.answers.size ?? 0) > 0,
    addressOf: (socket) => connections.get(socket)?.socket.remoteAddress ?? null,
    count: () => connections.size,
    async drain(limitMs) {
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const limit = setTimeout(() => server.closeAllConnections(), limitMs);
      for (const { socket, answers } of connections.values()) {
        for (const response of answers) response.shouldKeepAlive = false;
        // Not closeIdleConnections(): it keeps connections on which nothing was ever asked, and browsers open such.
        if (answers.size === 0) socket.destroySoon();
      }
      await closed;
      clearTimeout(limit);
    },
  };
}
