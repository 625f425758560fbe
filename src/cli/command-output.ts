// Where a command writes: standard output or standard error, or what stands in for them.

/** Anything that takes text. */
export interface TextOutput {
  /** True where it is a terminal. */
  readonly isTTY?: boolean;
  write(text: string): unknown;
}
