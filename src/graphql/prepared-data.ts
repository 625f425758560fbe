// The data of a result whose JSON is known already.

/** Stands in a result's `data`. Whoever asks it for JSON in the usual way gets the same data, parsed. */
export class PreparedData {
  readonly json: string;

  /** @param json The JSON text of an object. */
  constructor(json: string) {
    this.json = json;
  }

  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}
