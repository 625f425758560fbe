// Finds out whether what holds a port of this machine is a DynamoDB, so that the gateway can suggest to use it.
import { request } from 'node:http';

/** Asks with one harmless ListTables of one name. False for anything that does not answer like DynamoDB within a second. */
export function speaksDynamoDb(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, method: 'POST', headers: HEADERS, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_CHARS) finish(false);
      });
      response.on('end', () => finish(looksLikeDynamoDb(text)));
      response.on('error', () => finish(false));
    });
    const limit = setTimeout(() => finish(false), LIMIT_MS);
    const finish = (answer: boolean): void => {
      clearTimeout(limit);
      asking.destroy();
      resolve(answer);
    };
    asking.on('error', () => finish(false));
    asking.end('{"Limit":1}');
  });
}

const LIMIT_MS = 1_000;
const MAX_CHARS = 65_536;

// No engine for a laptop checks the signature; the credential's scope is how some tell the service that is asked.
const HEADERS = {
  'Content-Type': 'application/x-amz-json-1.0',
  'X-Amz-Target': 'DynamoDB_20120810.ListTables',
  'X-Amz-Date': '20260101T000000Z',
  Authorization:
    'AWS4-HMAC-SHA256 Credential=probe/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

function looksLikeDynamoDb(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null) return false;
    return 'TableNames' in answer || ('__type' in answer && typeof answer.__type === 'string');
  } catch {
    return false;
  }
}
