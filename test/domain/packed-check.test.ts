// Packed bytes are looked at once before they go into an answer as they are.
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkPacked } from '../../src/domain/packed-check.js';
import { PackedText, pack } from '../../src/domain/packed-text.js';

const long = await pack('a long text '.repeat(100_000));

describe('packed bytes', () => {
  it('are a text or another JSON value', async () => {
    expect(await checkPacked(long)).toBe('text');
    expect(await checkPacked(await pack(''))).toBe('text');
    expect(await checkPacked(await pack({ a: ['"'] }))).toBe('json');
    expect(await checkPacked(await pack(null))).toBe('json');
  });

  it('are looked at once: the second answer is there at once, the first is shared by all who ask meanwhile', async () => {
    const packed = await pack('text');
    const first = checkPacked(packed);
    expect(checkPacked(packed)).toBe(first);
    await first;
    expect(checkPacked(packed)).toBe('text');
  });

  const json = Buffer.from('"text"');
  const { deflated, crc32: crc, length } = long;
  const emptyBlock = Buffer.from([0, 0, 0, 0xff, 0xff]);
  it.each([
    ['with another CRC-32', new PackedText(deflated, crc ^ 1, length)],
    ['that are longer than they say', new PackedText(deflated, crc, length - 1)],
    ['that are shorter than they say', new PackedText(deflated, crc, length + 1)],
    ['that were cut', new PackedText(deflated.subarray(0, -100), crc, length)],
    ['that do not end at a byte', new PackedText(deflated.subarray(0, -5), crc, length)],
    ['that would end the answer', new PackedText(deflateRawSync(json), crc32(json), json.length)],
    ['that were never packed', new PackedText(Buffer.from('nonsense'), 0, 8)],
  ])('%s are damaged', async (_name, packed) => {
    expect(await checkPacked(packed)).toBe('damaged');
  });

  it('may hold an empty block more', async () => {
    expect(await checkPacked(new PackedText(Buffer.concat([deflated, emptyBlock]), crc, length))).toBe('text');
  });
});
