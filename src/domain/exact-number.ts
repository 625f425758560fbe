// Numbers as digits, and whether a double says the same.

/** A number's digits as a double where that says the same, else the digits. */
export function numberOf(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) && sameDecimal(text, value) ? value : text;
}

function sameDecimal(text: string, value: number): boolean {
  const written = String(value);
  return written === text || canonical(written) === canonical(text);
}

// Digits without leading and trailing zeros, and where the point stands.
function canonical(text: string): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + (digits.length - trimmed.length)}`;
}
