import { describe, expect, it } from 'vitest';
import { formatNumber, formatTicks, parseValue } from './number';

describe('formatTicks', () => {
  it.each([
    [[0, 25, 50], 25, ['0', '25', '50']],
    [[0, 0.1, 0.2], 0.1, ['0', '100m', '200m']],
    [[0, 0.5, 1], 0.5, ['0', '0.5', '1.0']],
    [[0, 1_000_000, 2_000_000], 1_000_000, ['0', '1M', '2M']],
    [[0, 500_000, 1_000_000], 500_000, ['0', '0.5M', '1.0M']],
    [[-2e9, 0, 2e9], 2e9, ['-2G', '0', '2G']],
  ])('writes %j', (ticks, increment, expected) => {
    expect(formatTicks(ticks, increment)).toEqual(expected);
  });

  it('keeps neighbours apart far from zero', () => {
    const labels = formatTicks([1_000_001, 1_000_002, 1_000_003], 1);
    expect(new Set(labels).size).toBe(3);
  });
});

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [-0.25, '-0.25'],
    [1234.5, '1234.5'],
    [0.19999999999999998, '200m'],
    [1234567890, '1.23457G'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes %d as %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });
});

describe('parseValue', () => {
  it.each([
    ['1.5', 1.5],
    ['1e-07', 1e-7],
    ['+Inf', Infinity],
    ['-Inf', -Infinity],
    ['NaN', NaN],
  ])('reads %s', (text, expected) => {
    expect(parseValue(text)).toBe(expected);
  });
});
