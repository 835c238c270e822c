import { describe, expect, it } from 'vitest';
import { formatHistogram, formatSeries } from './series';

describe('formatSeries', () => {
  it.each([
    [{}, '{}'],
    [{ __name__: 'up' }, 'up'],
    [{ __name__: 'up', job: 'node', instance: 'a:9100' }, 'up{instance="a:9100", job="node"}'],
    [{ job: 'node' }, '{job="node"}'],
    [{ __name__: 'http.requests', 'status.code': '200' }, '{"http.requests", "status.code"="200"}'],
    [{ path: 'C:\\x "y"\nz' }, '{path="C:\\\\x \\"y\\"\\nz"}'],
  ])('writes %j', (labels, expected) => {
    expect(formatSeries(labels as unknown as Record<string, string>)).toBe(expected);
  });
});

describe('formatHistogram', () => {
  it('shows which bounds of a bucket belong to it', () => {
    const text = formatHistogram({
      count: '10',
      sum: '7.5',
      buckets: [
        [1, '-2', '-1', '3'],
        [3, '-0.001', '0.001', '1'],
        [0, '1', '2', '6'],
      ],
    });
    expect(text).toBe('{count:10, sum:7.5, [-2,-1):3, [-0.001,0.001]:1, (1,2]:6}');
  });
});
