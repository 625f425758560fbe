// Says in one line which setting to change when the embedded engine cannot start.
import { EngineFailure, type EngineStart } from './engine-messages.js';
import { speaksDynamoDb } from './port-holder.js';

/** An engine that cannot start as configured. The message is one line that names the setting to change. */
export class EmbeddedStartError extends Error {
  override readonly name = 'EmbeddedStartError';
}

/** Says an engine's failure in the words of the gateway's settings; any other error is returned as it is. */
export async function toStartError(error: unknown, { folder, port }: EngineStart): Promise<unknown> {
  if (!(error instanceof EngineFailure)) return error;
  return new EmbeddedStartError(await startErrorLine(error, folder ?? '', port), { cause: error });
}

async function startErrorLine({ reason, message }: EngineFailure, folder: string, port: number): Promise<string> {
  switch (reason) {
    case 'portTaken':
      return (await speaksDynamoDb(port))
        ? `CRAWLGATE_EMBEDDED_PORT: port ${port} of 127.0.0.1 is taken by a DynamoDB. ` +
            `To use that one set DYNAMODB_ENDPOINT=http://127.0.0.1:${port}, or choose another port.`
        : `CRAWLGATE_EMBEDDED_PORT: port ${port} of 127.0.0.1 is taken. Choose another port.`;
    case 'portForbidden':
      return `CRAWLGATE_EMBEDDED_PORT: not allowed to listen on port ${port} of 127.0.0.1. Choose another port.`;
    case 'folderInUse':
      return `CRAWLGATE_DATA_DIR: ${folder} is in use by another gateway. Stop that one or choose another folder.`;
    case 'folderUnusable':
      return unusableLine(folder, message);
    case 'unexpected':
      return `The embedded DynamoDB did not start: ${message}`;
    default:
      return reason satisfies never;
  }
}

/** The error for a folder that cannot be made or written to. */
export function unusableFolder(folder: string, cause: unknown): EmbeddedStartError {
  return new EmbeddedStartError(unusableLine(folder, cause instanceof Error ? cause.message : String(cause)), {
    cause,
  });
}

function unusableLine(folder: string, why: string): string {
  return `CRAWLGATE_DATA_DIR: cannot write to ${folder} (${why}).`;
}
