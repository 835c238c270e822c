import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed, parseDuration } from './duration';

describe('Prometheus durations', () => {
  it.each([
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['15s', 15_000],
    ['250ms', 250],
    ['1d12h', 129_600_000],
    ['2w', 1_209_600_000],
    ['1y', 31_536_000_000],
  ])('reads and writes %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(formatDuration(ms)).toBe(text);
  });

  it.each(['', 'h', '1', '1.5h', '30m1h', '-1h', '1h 30m'])('does not read %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('writes weeks and years only where they come out even', () => {
    expect(formatDuration(8 * 86_400_000)).toBe('8d');
    expect(formatDuration(0)).toBe('0s');
  });
});

describe('formatElapsed', () => {
  it.each([
    [0, '0 s'],
    [0.0000042, '4 µs'],
    [0.00287, '2.87 ms'],
    [0.25, '250 ms'],
    [1.2345, '1.23 s'],
    [200, '3 min 20 s'],
    [120, '2 min'],
  ])('writes %d s as %s', (seconds, expected) => {
    expect(formatElapsed(seconds)).toBe(expected);
  });
});
