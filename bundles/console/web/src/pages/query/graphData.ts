import type { Range } from '../../api/client';
import type { Labels, MatrixSeries } from '../../api/types';
import { parseValue } from '../../format/number';

/** Series over one common time axis, as uPlot wants them: null where a series has no drawable value. */
export interface GraphData {
  /** Unix seconds. */
  times: number[];
  rows: { labels: Labels; values: (number | null)[] }[];
  /** Series that hold histograms alone and so have no line. */
  histogramsOnly: number;
}

/** Lays a range query's answer on its grid of steps. NaN and the infinities become gaps. */
export function toGraphData(result: MatrixSeries[], range: Range): GraphData {
  const start = range.startMs / 1000;
  const count = Math.floor((range.endMs / 1000 - start) / range.stepSeconds + 1e-6) + 1;
  const times = Array.from({ length: count }, (_, i) => start + i * range.stepSeconds);
  const withLines = result.filter((series) => series.values !== undefined);
  const rows = withLines.map((series) => {
    const values = new Array<number | null>(count).fill(null);
    for (const [time, text] of series.values ?? []) {
      const index = Math.round((time - start) / range.stepSeconds);
      const value = parseValue(text);
      if (index >= 0 && index < count && Number.isFinite(value)) values[index] = value;
    }
    return { labels: series.metric, values };
  });
  return { times, rows, histogramsOnly: result.length - withLines.length };
}

/**
 * Each row becomes the sum of itself and the rows below it. A gap adds nothing, so that the rows above it keep their
 * footing; only where every row has a gap there is one.
 */
export function stack(rows: (number | null)[][]): (number | null)[][] {
  const empty = (rows[0] ?? []).map((_value, i) => rows.every((row) => row[i] === null));
  const height = new Array<number>(empty.length).fill(0);
  return rows.map((row) =>
    row.map((value, i) => {
      if (empty[i]) return null;
      const top = (height[i] ?? 0) + (value ?? 0);
      height[i] = top;
      return top;
    }),
  );
}
