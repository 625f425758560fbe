// Knows every connection and what is being answered on it, so that a server can be closed without cutting an answer off.
import type { Server, ServerResponse } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of one server. */
export interface Connections {
  /** To be told of every answer to be, before anything else is done with it. */
  answering(response: ServerResponse, socket: Duplex): void;
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
  /** Answers under way: more than one where requests are pipelined. */
  answers: number;
  /** The newest of them. A field, not a set of all: what a set lets go of, it drags through the garbage collector. */
  newest: ServerResponse | null;
}

/**
 * Watches a server that does not listen yet. A connection above `max` is closed at once. Not by the server's own
 * `maxConnections`: a worker of node:cluster hands on what is above that, and all full ones would hand it round for ever.
 */
export function watchConnections(server: NetServer & Pick<Server, 'closeAllConnections'>, max: number): Connections {
  const connections = new Map<Duplex, Connection>();
  let isDraining = false;

  server.on('connection', (socket: Socket) => {
    if (connections.size >= max) {
      socket.destroy();
      return;
    }
    connections.set(socket, { socket, answers: 0, newest: null });
    socket.once('close', () => connections.delete(socket));
  });

  return {
    answering(response, duplex) {
      const connection = connections.get(duplex);
      if (connection === undefined) return;
      connection.answers += 1;
      connection.newest = response;
      if (isDraining) response.shouldKeepAlive = false;
      // Emitted once; `once` would cost more than all of this.
      response.on('close', () => {
        connection.answers -= 1;
        if (connection.answers > 0) return;
        connection.newest = null;
        // Its headers may have gone out before the draining began, promising to keep the connection.
        if (isDraining) connection.socket.destroySoon();
      });
    },
    isBusy: (socket) => (connections.get(socket)?.answers ?? 0) > 0,
    addressOf: (socket) => connections.get(socket)?.socket.remoteAddress ?? null,
    count: () => connections.size,
    async drain(limitMs) {
      isDraining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const limit = setTimeout(() => server.closeAllConnections(), limitMs);
      for (const { socket, answers, newest } of connections.values()) {
        // Those before it on the connection are answered as well.
        if (newest !== null) newest.shouldKeepAlive = false;
        // Not closeIdleConnections(): it keeps connections on which nothing was ever asked, and browsers open such.
        if (answers === 0) socket.destroySoon();
      }
      await closed;
      clearTimeout(limit);
    },
  };
}
