import { describe, expect, it } from 'vitest';
import { isolatedPoints } from '../../components/isolatedPoints';
import { stack, toGraphData } from './graphData';

const RANGE = { startMs: 1_000_000, endMs: 1_060_000, stepSeconds: 20 };

describe('toGraphData', () => {
  it('lays samples on the grid of steps, with gaps where there are none', () => {
    const data = toGraphData([{ metric: { job: 'a' }, values: [[1000, '1'], [1040, '3']] }], RANGE);
    expect(data.times).toEqual([1000, 1020, 1040, 1060]);
    expect(data.rows).toEqual([{ labels: { job: 'a' }, values: [1, null, 3, null] }]);
  });

  it('leaves out what cannot be drawn', () => {
    const values: [number, string][] = [[1000, 'NaN'], [1020, '+Inf'], [1040, '-Inf'], [1060, '0']];
    expect(toGraphData([{ metric: {}, values }], RANGE).rows[0]?.values).toEqual([null, null, null, 0]);
  });

  it('counts series that are histograms alone', () => {
    const data = toGraphData([{ metric: {}, histograms: [[1000, { count: '1', sum: '1' }]] }], RANGE);
    expect(data.rows).toEqual([]);
    expect(data.histogramsOnly).toBe(1);
  });
});

describe('stack', () => {
  it('adds up the rows, and a gap adds nothing', () => {
    expect(stack([[1, null, 3], [10, 20, null], [100, 100, 100]])).toEqual([
      [1, 0, 3],
      [11, 20, 3],
      [111, 120, 103],
    ]);
  });

  it('keeps a gap that all rows have', () => {
    expect(stack([[1, null], [2, null]])).toEqual([[1, null], [3, null]]);
  });
});

describe('isolatedPoints', () => {
  it('are those without a neighbour', () => {
    expect(isolatedPoints([1, null, 2, null, 3, 4, null, 5])).toEqual([0, 2, 7]);
  });
});
