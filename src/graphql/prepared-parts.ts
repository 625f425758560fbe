// What records were last answered with, as JSON: for each record the parts of the last two selections that asked for it.
import type { CrawlResult } from '../domain/crawl-result.js';

/** The parts of one record. */
export interface RecordParts {
  /** The number of the request that last counted this record. */
  countedIn: number;
  selection: object;
  json: string | null;
  otherSelection: object | null;
  otherJson: string | null;
}

/** Parts by record and selection. */
export interface PreparedParts {
  /** A number for the next request, larger than those before. */
  nextRequest(): number;
  of(record: CrawlResult): RecordParts | undefined;
  /** Null: this record is never answered from parts to this selection. */
  keep(record: CrawlResult, selection: object, json: string | null): void;
}

/** Bytes of a record's place, beside its texts. */
const placeBytes = 200;

/** No parts. They go with their records, and the least recently used before they take `maxBytes`. */
export function createPreparedParts(maxBytes: number): PreparedParts {
  let recent = new WeakMap<CrawlResult, RecordParts>();
  let older = new WeakMap<CrawlResult, RecordParts>();
  let recentBytes = 0;
  let requests = 0;

  function put(record: CrawlResult, parts: RecordParts): void {
    recentBytes += bytesOf(parts);
    // What is asked for again moves from one half to the other; what is not goes with its half.
    if (recentBytes > maxBytes / 2) {
      older = recent;
      recent = new WeakMap();
      recentBytes = bytesOf(parts);
    }
    recent.set(record, parts);
  }

  function find(record: CrawlResult): RecordParts | undefined {
    const known = recent.get(record);
    if (known !== undefined) return known;
    const moved = older.get(record);
    if (moved !== undefined) put(record, moved);
    return moved;
  }

  return {
    nextRequest() {
      requests += 1;
      return requests;
    },
    of: find,
    keep(record, selection, json) {
      const known = find(record);
      const isOther = known !== undefined && known.selection !== selection;
      put(record, {
        countedIn: known?.countedIn ?? 0,
        selection,
        json,
        otherSelection: isOther ? known.selection : null,
        otherJson: isOther ? known.json : null,
      });
    },
  };
}

function bytesOf({ json, otherJson }: RecordParts): number {
  return placeBytes + 2 * ((json?.length ?? 0) + (otherJson?.length ?? 0));
}
