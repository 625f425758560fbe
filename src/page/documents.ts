// Every document that the page asks, and no other: what a gateway that runs only known documents runs for it.
import {
  healthQuery,
  keptQuery,
  linksSelection,
  listQuery,
  markdownSelection,
  mediaSelection,
  namesQuery,
  partQuery,
  previewSelection,
  resultQuery,
  sizeSelection,
  storedQuery,
  versionPartQuery,
  versionsSelection,
} from './queries.js';
import { partialTexts, textChoices } from './texts.js';

const texts = textChoices.map(({ selection }) => selection);
const panels = [markdownSelection, previewSelection, linksSelection, mediaSelection, sizeSelection, versionsSelection];

/** Byte for byte as they are sent. */
export const pageDocuments: readonly string[] = [
  ...new Set([
    ...[
      healthQuery,
      keptQuery(partialTexts.map(({ selection }) => selection)),
      listQuery,
      namesQuery,
      resultQuery,
      storedQuery,
    ],
    ...[...panels, ...texts].map(partQuery),
    ...texts.map(versionPartQuery),
  ]),
];
