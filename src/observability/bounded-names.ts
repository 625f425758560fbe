// Names that come from outside, as labels: so many of them, and one word for all others.

/** Characters of a name; longer ones are `other` as labels, and cut where they are shown. */
const maxLength = 100;

/** The name, or the first hundred characters of it and a mark. */
export function shortName(name: string): string {
  return name.length <= maxLength ? name : `${name.slice(0, maxLength)}…`;
}

/** Makes a function that gives a name back as it is, or as `other` where it is long or `max` others were seen before it. */
export function createBoundedNames(max: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= max || name.length > maxLength) return 'other';
    known.add(name);
    return name;
  };
}
