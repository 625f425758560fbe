// The CRC-32 of joined texts, told from those of the texts.
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combineCrc32 } from '../../src/http/crc32-combine.js';

it('is the CRC-32 of both together, for any two texts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
      const joined = crc32(Buffer.concat([first, second]));
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(joined);
    }),
  );
});

it('holds for long texts', () => {
  const second = Buffer.alloc(20_000_003, 'ab');
  const first = Buffer.from('first');
  expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(second, crc32(first)));
});

it('holds for more bytes than 32 bits can count', () => {
  // 2^32 + 1 zeros, joined in two ways.
  const zeros = (count: number): number => {
    let crc = 0;
    let have = 0;
    for (let size = 1, block = crc32(Buffer.alloc(1)); size <= count; size *= 2) {
      if (Math.floor(count / size) % 2 === 1) {
        crc = combineCrc32(crc, block, size);
        have += size;
      }
      block = combineCrc32(block, block, size);
    }
    expect(have).toBe(count);
    return crc;
  };
  const half = 2 ** 31;
  expect(combineCrc32(zeros(half), zeros(half + 1), half + 1)).toBe(zeros(2 ** 32 + 1));
});
