// What a load costs on DynamoDB on demand: units and bytes of real pages times prices.

/** What one page weighs on average in one layout. */
export interface PageSize {
  /** Bytes of its items as DynamoDB counts them, names included. */
  readonly storedBytes: number;
  readonly items: number;
  /** Write request units of storing it where nothing stood. */
  readonly writeUnits: number;
  /** Read request units of looking before writing. */
  readonly readUnitsOfWriting: number;
  /** Read request units, eventually consistent, of one lookup that memory does not answer. */
  readonly readUnits: Readonly<Record<ReadFields, number>>;
  /** Bytes of the memory tier that one page takes once so much of it was asked for. */
  readonly memoryBytes: Readonly<Record<ReadFields, number>>;
}

/** What a lookup asks for: the small fields alone, one large text, or all. */
export type ReadFields = 'head' | 'markdown' | 'html' | 'whole';

/** A load, and what DynamoDB asks for it. */
export interface CostInput {
  readonly pages: number;
  /** URLs a second. */
  readonly reads: number;
  /** Results a second. */
  readonly writes: number;
  readonly fields: ReadFields;
  /** Share of lookups that memory answers, 0 to 1. */
  readonly hitRate: number;
  /** US dollars for a million read request units. */
  readonly readPrice: number;
  /** US dollars for a million write request units. */
  readonly writePrice: number;
  /** US dollars for a GB and month. */
  readonly storagePrice: number;
}

/** US dollars, and what they are for. */
export interface Costs {
  readonly storedGb: number;
  readonly readUnitsPerSecond: number;
  readonly writeUnitsPerSecond: number;
  readonly monthly: {
    readonly storage: number;
    readonly reads: number;
    readonly writes: number;
    readonly total: number;
  };
  /** Of storing all pages once. */
  readonly firstWrite: number;
}

/** DynamoDB's billing adds this to each item it stores: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const itemOverheadBytes = 100;
/** AWS calculates a month as 730 hours. */
const secondsPerMonth = 730 * 3600;

/** Multiplies it out. */
export function costsOf(input: CostInput, size: PageSize): Costs {
  const storedGb = (input.pages * (size.storedBytes + size.items * itemOverheadBytes)) / 2 ** 30;
  const readUnitsPerSecond =
    input.reads * (1 - input.hitRate) * size.readUnits[input.fields] + input.writes * size.readUnitsOfWriting;
  const writeUnitsPerSecond = input.writes * size.writeUnits;
  const monthlyOf = (unitsPerSecond: number, price: number): number =>
    (unitsPerSecond * secondsPerMonth * price) / 1_000_000;
  const storage = storedGb * input.storagePrice;
  const reads = monthlyOf(readUnitsPerSecond, input.readPrice);
  const writes = monthlyOf(writeUnitsPerSecond, input.writePrice);
  const firstWrite =
    (input.pages * (size.writeUnits * input.writePrice + size.readUnitsOfWriting * input.readPrice)) / 1_000_000;
  return {
    storedGb,
    readUnitsPerSecond,
    writeUnitsPerSecond,
    monthly: { storage, reads, writes, total: storage + reads + writes },
    firstWrite,
  };
}
