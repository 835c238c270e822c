import { useCallback, useMemo, useState } from 'react';
import { Alert, Text, useComputedColorScheme } from '@mantine/core';
import type { Range } from '../../api/client';
import type { MatrixSeries } from '../../api/types';
import { Chart } from '../../components/Chart';
import { formatNumber } from '../../format/number';
import { seriesText } from '../../format/series';
import { formatTime } from '../../format/time';
import { useZone } from '../../settings';
import { stack, toGraphData } from './graphData';
import { Legend } from './Legend';
import type { Display } from './panelState';
import { seriesColor } from './seriesColor';

interface Props {
  result: MatrixSeries[];
  range: Range;
  display: Display;
  onZoom: (from: number, to: number) => void;
}

export function Graph({ result, range, display, onZoom }: Props) {
  const [zone] = useZone();
  const dark = useComputedColorScheme('light') === 'dark';
  const data = useMemo(() => toGraphData(result, range), [result, range]);
  // Kept with the answer it belongs to: the numbers mean other series in the next one.
  const [hidden, setHidden] = useState<{ of: unknown; rows: ReadonlySet<number> }>({ of: data, rows: new Set() });
  const hiddenRows = hidden.of === data ? hidden.rows : NONE;

  const { visible, series } = useMemo(() => {
    const shown = data.rows.map((_row, i) => i).filter((i) => !hiddenRows.has(i));
    const rows = shown.map((i) => data.rows[i]?.values ?? []);
    const drawn = display === 'stacked' ? stack(rows) : rows;
    return { visible: shown, series: drawn.map((values, k) => ({ values, color: seriesColor(shown[k] ?? 0, dark) })) };
  }, [data, hiddenRows, display, dark]);

  const describe = useCallback(
    (shown: number, point: number) => {
      const row = data.rows[visible[shown] ?? -1];
      const value = row?.values[point] ?? null;
      if (row === undefined || value === null) return null;
      const { name, parts } = seriesText(row.labels);
      return {
        time: formatTime(Math.round((data.times[point] ?? 0) * 1000), zone),
        value: formatNumber(value),
        lines: [...(name ? [name] : []), ...parts.map((part) => (part.value ? `${part.label}=${part.value}` : part.label))],
      };
    },
    [data, visible, zone],
  );

  if (data.rows.length === 0) {
    return (
      <Text c="dimmed" size="sm" py="md">
        {data.histogramsOnly > 0 ? HISTOGRAMS : 'The query has no series in this range.'}
      </Text>
    );
  }
  return (
    <>
      {data.histogramsOnly > 0 && (
        <Alert color="blue" variant="light">
          {HISTOGRAMS}
        </Alert>
      )}
      <Chart
        times={data.times}
        series={series}
        filled={display === 'stacked'}
        dark={dark}
        zone={zone}
        describe={describe}
        onSelect={onZoom}
      />
      <Legend rows={data.rows} hidden={hiddenRows} dark={dark} onChange={(rows) => setHidden({ of: data, rows })} />
    </>
  );
}

const NONE: ReadonlySet<number> = new Set();
const HISTOGRAMS =
  'Native histograms have no line of their own: graph histogram_quantile(), histogram_count() or histogram_sum() of them.';
