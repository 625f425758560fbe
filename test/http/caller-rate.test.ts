// Who counts as one sender where nothing but the address tells, and when a minute is used up.
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressOf, createCallerRate } from '../../src/http/auth/caller-rate.js';

/** A socket whose other end is there. */
function from(remoteAddress: string): { socket: Socket } {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  return { socket };
}

describe('a sender', () => {
  it.each([
    ['192.0.2.7', 'address 192.0.2.7'],
    ['::ffff:192.0.2.7', 'address ::ffff:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'address 2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', 'address 2001:db8:1:2::/64'],
    ['2001:db8:1:2::', 'address 2001:db8:1:2::/64'],
    ['2001:db8::1', 'address 2001:db8:0:0::/64'],
    ['::1', 'address 0:0:0:0::/64'],
    ['fe80::1%eth0', 'address fe80:0:0:0::/64'],
  ])('at %s is %s', (address, name) => {
    expect(addressOf(from(address))).toBe(name);
  });
});

describe('a rate', () => {
  it('looks at what one request more would be without counting it, and begins anew after a minute', () => {
    let elapsed = 0;
    const { count, look } = createCallerRate({ maxPerMinute: 2, elapsed: () => elapsed });
    expect([look('a'), look('a'), count('a'), look('a'), count('a')]).toEqual([null, null, null, null, null]);
    elapsed = 500;
    expect([look('a'), count('a'), look('b')]).toEqual([60, 60, null]);
    elapsed = 60_000;
    expect([look('a'), count('a')]).toEqual([null, null]);
  });
});
