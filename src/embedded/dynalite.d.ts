// The types of dynalite 4.0.0, as far as the embedded engine uses it: the package brings none.
declare module 'dynalite' {
  interface Options {
    /** Folder of the LevelDB store; without it the store lives in memory. */
    readonly path?: string;
    /** How long a table stays in CREATING, in milliseconds. */
    readonly createTableMs?: number;
    /** How long a table stays in DELETING, in milliseconds. */
    readonly deleteTableMs?: number;
    /** How long a table stays in UPDATING, in milliseconds. */
    readonly updateTableMs?: number;
  }

  function dynalite(options?: Options): import('node:http').Server;
  export = dynalite;
}
