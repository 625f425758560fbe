// A request whose body is wanted whole: it is taken from the parser piece by piece, past what a stream costs.
import { IncomingMessage } from 'node:http';

/** Is given each piece of a body as it comes, and null at its end. */
export type TakePiece = (piece: Buffer | null) => void;

/**
 * To be given to `createServer`. A stream that is read takes four turns of the tick queue and a dozen objects to hand over the
 * one piece that most bodies are: a tenth of all that a lookup in memory costs.
 */
export class GatewayRequest extends IncomingMessage {
  #take: TakePiece | null = null;
  #isStream = false;

  /** Has `take` given the body. The stream then gets nothing, not even an end; who has come late is given it by the stream. */
  takeBody(take: TakePiece): void {
    if (this.#isStream) {
      this.on('data', take);
      this.on('end', () => take(null));
    } else this.#take = take;
  }

  /** What still comes of the body is the stream's again. */
  leaveBody(): void {
    this.#take = null;
  }

  /** Called by Node's parser. */
  override push(piece: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.#take === null) {
      this.#isStream = true;
      return super.push(piece, encoding);
    }
    if (piece !== null) {
      this.#take(piece);
      return true;
    }
    // Not before the parser has looked at what came with it: of a request that runs on into nonsense nothing is answered.
    process.nextTick(this.#take, null);
    return true;
  }
}
