// What fills a tab's panel, and what it is given for that.
import type { Child } from './dom.js';
import type { Head } from './queries.js';

/** What a panel knows and may do. */
export interface PanelContext {
  readonly url: string;
  readonly outcome: 'SUCCESS' | 'ANY';
  readonly result: Head;
  readonly signal: AbortSignal;
  /** The text chosen in the address bar. */
  readonly text: string;
  /** Chooses another text. */
  chooseText(id: string): void;
  /** To be told where what the panel asks for later needs a key. */
  onKeyNeeded(error: Error): void;
  /** A part of this result, its note on where it came from already shown; null where it could not be had, which is said. */
  part<Part>(selection: string): Promise<Part | null>;
}

/** Fills a panel. */
export type Panel = (context: PanelContext) => Promise<readonly Child[]>;
