// What fills a tab's panel, and what it is given for that.
import type { Child } from './dom.js';
import type { Kept } from './kept.js';
import type { Head } from './queries.js';

/** What a panel knows and may do. */
export interface PanelContext {
  readonly url: string;
  readonly outcome: 'SUCCESS' | 'ANY';
  readonly result: Head;
  readonly signal: AbortSignal;
  /** What is known to be kept of the result; null as long as nothing is. */
  readonly kept: () => Kept | null;
  /** The text chosen in the address bar; empty: none. */
  readonly text: string;
  /** Chooses another text. */
  chooseText(id: string): void;
  /** To be told where what the panel asks for later needs a key. */
  onKeyNeeded(error: Error): void;
  /** A part of this result, where it came from already told; null where it could not be had, which is said. */
  part<Part>(selection: string): Promise<Part | null>;
}

/** Fills a panel. */
export type Panel = (context: PanelContext) => Promise<readonly Child[]>;
