// The CRC-32 of two texts after one another, from the CRC-32 of each: what joins segments whose text nobody has seen.
// As zlib's crc32_combine (https://github.com/madler/zlib/blob/v1.3.1/crc32.c), which Node does not give away.

/** The polynomial of CRC-32, its bits reversed: the highest power stands lowest. */
const polynomial = 0xedb88320;
const one = 0x80000000;

/** The CRC-32 of `first` followed by `second`, where `second` is `length` bytes long. */
export function combineCrc32(first: number, second: number, length: number): number {
  // Appending a byte multiplies what was there by x^8, modulo the polynomial.
  return (multiply(powerOfX8(length), first) ^ second) >>> 0;
}

/** x^(8 * count) modulo the polynomial, from the powers of x whose exponents are powers of two. */
function powerOfX8(count: number): number {
  let power = one;
  let index = 3;
  // Not `>>`: a count may have more than 32 bits.
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(squares[index % squares.length] ?? one, power);
    index += 1;
  }
  return power;
}

/** Both as polynomials over two elements, modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) !== 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
  }
  return product >>> 0;
}

/** x^(2^n) for n from 0 to 31; then they begin again. */
const squares: readonly number[] = (() => {
  const table = [one >>> 1];
  while (table.length < 32) {
    const last = table.at(-1) ?? one;
    table.push(multiply(last, last));
  }
  return table;
})();
