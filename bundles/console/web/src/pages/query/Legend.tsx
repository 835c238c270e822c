import { useState } from 'react';
import { Button, Text } from '@mantine/core';
import type { Labels } from '../../api/types';
import { SeriesName } from '../../components/SeriesName';
import { seriesColor } from './seriesColor';
import './Legend.css';

const FIRST_ROWS = 100;

interface Props {
  rows: { labels: Labels }[];
  hidden: ReadonlySet<number>;
  dark: boolean;
  onChange: (hidden: ReadonlySet<number>) => void;
}

/** Names the lines. A click leaves only that series, or all again; with Ctrl or Cmd it switches one on or off. */
export function Legend({ rows, hidden, dark, onChange }: Props) {
  const [all, setAll] = useState(false);
  const click = (index: number, one: boolean) => {
    if (one) {
      const next = new Set(hidden);
      if (!next.delete(index)) next.add(index);
      onChange(next.size === rows.length ? new Set() : next);
    } else {
      const alone = hidden.size === rows.length - 1 && !hidden.has(index);
      onChange(alone ? new Set() : new Set(rows.map((_row, i) => i).filter((i) => i !== index)));
    }
  };
  return (
    <div className="legend">
      {(all ? rows : rows.slice(0, FIRST_ROWS)).map((row, i) => (
        <button
          key={i}
          type="button"
          className="legend-item"
          aria-pressed={!hidden.has(i)}
          onClick={(event) => click(i, event.ctrlKey || event.metaKey)}
        >
          <i style={{ background: seriesColor(i, dark) }} />
          <SeriesName labels={row.labels} />
        </button>
      ))}
      {!all && rows.length > FIRST_ROWS && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          Name all {rows.length} series
        </Button>
      )}
      {rows.length > 1 && (
        <Text size="xs" c="dimmed" mt={4}>
          Click: show only this series. Ctrl or Cmd and click: switch one on or off. Drag over the graph to zoom in.
        </Text>
      )}
    </div>
  );
}
