// The museum's catalogue as one table in the samples' dialect: generated, so that one sample is larger than a DynamoDB item.
import { stableDigest } from '../stable.js';

// biome-ignore format: a list of words reads better in lines
const OBJECTS = [
  'Lead line', 'Pilot’s lantern', 'Tide gauge drum', 'Boat compass', 'Logbook', 'Chart of the harbour mouth', 'Signal flag',
  'Oil can', 'Wick trimmer', 'Barograph', 'Sextant', 'Net needle', 'Oar', 'Ship model', 'Speaking trumpet', 'Sounding sheet',
  'Keeper’s coat', 'Prism fragment', 'Photograph of the quay', 'Rope sample', 'Ferry ticket', 'Anchor stock', 'Mooring ring',
  'Tally stick', 'Glass float', 'Copper rivet tray',
] as const;
// biome-ignore format: as above
const DETAILS = [
  'with maker’s mark', 'repaired twice', 'from the pilot station', 'found on the Drowned Road', 'incomplete',
  'with original case', 'gift of the Linde family', 'recovered from the quay in 1977', 'inscribed “not to be lent”',
  'unused', 'bent by ice in the winter of 1942', 'on long loan',
] as const;
// biome-ignore format: as above
const ORIGINS = [
  'Oskala',
  'Vik',
  'Hamburg',
  'Leith',
  'Paris',
  'Bergen',
  'Gdańsk',
  'unknown',
  'Rotterdam',
  'Göteborg',
] as const;
const PLACES = ['store 1', 'store 2', 'store 3', 'ground floor', 'second floor', 'third floor', 'boat shed'] as const;
const COUNT = 3200;

/** The catalogue's rows, the same at every call. */
export function catalogueTable(): string {
  const rows = Array.from({ length: COUNT }, (_, index) => {
    const number = `TM-${1994 + Math.floor((index * 32) / COUNT)}-${String(index + 1).padStart(4, '0')}`;
    const digest = stableDigest(number, 40);
    const draw = (which: number, below: number) => Number.parseInt(digest.slice(which * 8, which * 8 + 8), 16) % below;
    const pick = (words: readonly string[], which: number) => words[draw(which, words.length)] ?? '';
    const object = `${pick(OBJECTS, 0)}, ${pick(DETAILS, 1)}`;
    return `| ${number} | ${object} | ${pick(ORIGINS, 2)} | ${1790 + draw(3, 190)} | ${pick(PLACES, 4)} |`;
  });
  return ['Table: All objects by accession number', '| Number | Object | Made in | Year | Kept |', ...rows].join('\n');
}
