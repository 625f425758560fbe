// Names that come from outside, as labels: so many of them, and one word for all others.

/** Makes a function that gives a name back as it is, or as `other` once `max` others were seen before it. */
export function createBoundedNames(max: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= max) return 'other';
    known.add(name);
    return name;
  };
}
