// Knows every connection and what is being answered on it, so that a server can be closed without cutting an answer off.
import type { Server, ServerResponse } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of one server. */
export interface Connections {
  /** To be told of every answer to be, before anything else is done with it. */
  answering(response: ServerResponse, socket: Duplex): void;
  /** Whether an answer is under way on this connection, into which nothing else may be written. */
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
  /** Those of pipelined requests, whose turn had not come when they were asked for. */
  queued: Set<ServerResponse> | null;
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
    const connection: Connection = { socket, answers: 0, newest: null, queued: null };
    connections.set(socket, connection);
    socket.once('close', () => {
      connections.delete(socket);
      // Node tells only the answer whose turn it is that nobody waits for it any more.
      for (const response of connection.queued ?? []) {
        if (response.socket !== null) continue;
        response.destroy();
        response.emit('close');
      }
    });
  });

  return {
    answering(response, duplex) {
      const connection = connections.get(duplex);
      if (connection === undefined) return;
      connection.answers += 1;
      connection.newest = response;
      if (response.socket === null) {
        connection.queued ??= new Set();
        connection.queued.add(response);
      }
      if (isDraining) response.shouldKeepAlive = false;
      // Emitted once; `once` would cost more than all of this.
      response.on('close', () => {
        connection.answers -= 1;
        connection.queued?.delete(response);
        if (connection.answers > 0) return;
        connection.newest = null;
        // Its headers may have gone out before the draining began, promising to keep the connection.
        if (isDraining) connection.socket.destroySoon();
      });
    },
    isBusy(socket) {
      const { answers = 0, newest = null } = connections.get(socket) ?? {};
      // Of a request that has not come as a whole nothing is answered yet.
      return answers > 1 || (newest !== null && (newest.headersSent || newest.req.complete));
    },
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
