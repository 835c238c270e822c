import { describe, expect, it } from 'vitest';
import { formatAgo, formatTime, parseRfc3339, parseTime } from './time';

const MOMENT = Date.UTC(2026, 10, 23, 14, 32, 13);

describe('times', () => {
  it('are written in UTC, with milliseconds where there are some', () => {
    expect(formatTime(MOMENT)).toBe('2026-11-23 14:32:13');
    expect(formatTime(MOMENT + 7)).toBe('2026-11-23 14:32:13.007');
  });

  it.each([
    '2026-11-23 14:32:13',
    '2026-11-23T14:32:13Z',
    '2026-11-23T15:32:13+01:00',
    String(MOMENT / 1000),
    ' 2026-11-23 14:32:13.000 ',
  ])('are read from %j', (text) => {
    expect(parseTime(text)).toBe(MOMENT);
  });

  it('are read without seconds or without a time of day', () => {
    expect(parseTime('2026-11-23 14:32')).toBe(MOMENT - 13_000);
    expect(parseTime('2026-11-23')).toBe(Date.UTC(2026, 10, 23));
  });

  it.each(['', 'now', '2026-13-01', '14:32', '2026-11-23 25:00:00'])('are not read from %j', (text) => {
    expect(parseTime(text)).toBeNull();
  });

  it('come back the same in local time', () => {
    expect(parseTime(formatTime(MOMENT, 'local'), 'local')).toBe(MOMENT);
  });

  it('of the API may be none', () => {
    expect(parseRfc3339('0001-01-01T00:00:00Z')).toBeNull();
    expect(parseRfc3339(undefined)).toBeNull();
    expect(parseRfc3339('2026-11-23T14:32:13.123456789Z')).toBe(MOMENT + 123);
  });
});

describe('formatAgo', () => {
  it.each([
    [0, 'just now'],
    [12_000, '12 s ago'],
    [240_000, '4 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [48 * 3_600_000, '2 d ago'],
    [-30_000, 'in 30 s'],
  ])('of %d ms is %s', (age, expected) => {
    expect(formatAgo(MOMENT - age, MOMENT)).toBe(expected);
  });

  it('of nothing is never', () => {
    expect(formatAgo(null, MOMENT)).toBe('never');
  });
});
