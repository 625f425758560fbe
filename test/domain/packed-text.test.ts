// Packing: any value comes back equal, and packed values are segments of one valid deflate stream.
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonValue, PackedText, pack, unpack } from '../../src/domain/packed-text.js';
import { fromBinary, toBinary } from '../../src/dynamo/codec/packed-binary.js';

const units = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd7fe, max: 0xe001 }),
  fc.constantFrom(0x22, 0x5c, 0x0a),
);
const texts = fc.string({ unit: units.map((unit) => String.fromCharCode(unit)), size: 'medium' });

/** Characters escaped at a time. */
const slice = 262_144;

describe('any value comes back equal', () => {
  test('texts of any UTF-16, lone surrogates included', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await unpack(await pack(text))).toBe(text);
      }),
    );
  });

  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const json = JSON.parse(JSON.stringify(value)) as JsonValue;
        expect(await unpack(await pack(json))).toEqual(json);
      }),
    );
  });

  test('texts of several slices, whatever stands at their borders', async () => {
    const borders = ['😀', 'x😀', '\ud83d', '\ude00', '\ud83d\ud83d\ude00', '\ude00\ud83d', '"', '\\', '€', '\n'];
    for (const border of borders) {
      for (const shift of [-2, -1, 0, 1]) {
        const text = `${'a'.repeat(slice + shift)}${border}${'b'.repeat(slice)}${border}`;
        const packed = await pack(text, 1);
        expect(inflate(packed.deflated) === JSON.stringify(text)).toBe(true);
        expect(packed.length).toBe(Buffer.byteLength(JSON.stringify(text)));
        expect((await unpack(packed)) === text).toBe(true);
      }
    }
  });
});

describe('packed bytes', () => {
  test('say how long the JSON text is and what its CRC-32 is', async () => {
    const packed = await pack('"€"');
    const json = Buffer.from(JSON.stringify('"€"'));
    expect([packed.length, packed.crc32]).toEqual([json.length, crc32(json)]);
  });

  test('end at a byte, so that segments join with any other deflate data into one stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(texts, texts), { maxLength: 4 }), async (pairs) => {
        const stream: Buffer[] = [];
        let expected = '';
        for (const [small, large] of pairs) {
          const json = JSON.stringify(small);
          stream.push(storedBlock(json), (await pack(large)).deflated);
          expected += json + JSON.stringify(large);
        }
        stream.push(deflateRawSync(''));
        expect(inflateRawSync(Buffer.concat(stream)).toString()).toBe(expected);
      }),
    );
  });

  test('that are not what was packed are told as such', async () => {
    const packed = await pack('text');
    await expect(unpack(new PackedText(packed.deflated, packed.crc32 ^ 1, packed.length))).rejects.toThrow(RangeError);
    await expect(unpack(new PackedText(packed.deflated, packed.crc32, packed.length + 1))).rejects.toThrow(RangeError);
    await expect(unpack(new PackedText(Buffer.from('nonsense'), packed.crc32, packed.length))).rejects.toThrow();
  });
});

describe('as one binary attribute', () => {
  test('it comes back equal', async () => {
    for (const value of ['', 'text', null, 0, [], { a: '\ud800' }, 'x'.repeat(slice * 2)]) {
      const back = fromBinary(toBinary(await pack(value)));
      expect(back === null ? back : await unpack(back)).toEqual(value);
    }
  });

  test('bytes that it cannot be are none', async () => {
    const binary = toBinary(await pack('text'));
    for (const bytes of [
      Buffer.alloc(0),
      binary.subarray(0, 12),
      binary.subarray(0, -1),
      Buffer.from('text of another'),
    ]) {
      expect(fromBinary(bytes)).toBeNull();
    }
  });
});

function inflate(deflated: Buffer): string {
  return inflateRawSync(Buffer.concat([deflated, deflateRawSync('')])).toString();
}

/** A block that is not the last and holds its bytes as they are: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 */
function storedBlock(text: string): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(5);
  header.writeUInt16LE(bytes.length, 1);
  header.writeUInt16LE(bytes.length ^ 0xffff, 3);
  return Buffer.concat([header, bytes]);
}
