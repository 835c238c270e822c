import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatTicks } from '../format/number';
import type { Zone } from '../format/time';
import { isolatedPoints } from './isolatedPoints';
import { tooltip, type TooltipText } from './tooltip';
import './Chart.css';

export interface ChartSeries {
  color: string;
  /** What is drawn; null is a gap. */
  values: (number | null)[];
}

interface Props {
  /** Unix seconds. */
  times: number[];
  series: ChartSeries[];
  /** Series are areas on top of each other, already summed up. */
  filled: boolean;
  dark: boolean;
  zone: Zone;
  /** What to say about the point under the pointer; null if there is nothing. */
  describe: (series: number, point: number) => TooltipText | null;
  /** A stretch of time was dragged over, Unix seconds. */
  onSelect: (from: number, to: number) => void;
}

const HEIGHT = 380;

export function Chart(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const { times, series, filled, dark, zone } = props;
  // The chart outlives a render: it must call what the newest one passed.
  const callbacks = useRef(props);
  callbacks.current = props;

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const ink = dark ? '#a9b3ae' : '#57615c';
    const grid = { stroke: dark ? '#ffffff14' : '#00000012', width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui, sans-serif' };
    const options: uPlot.Options = {
      width: Math.max(element.clientWidth, 200),
      height: HEIGHT,
      legend: { show: false },
      tzDate: (seconds) => (zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000)),
      cursor: {
        drag: { x: true, y: false, setScale: false },
        focus: { prox: 1e6 },
        points: { size: 7 },
      },
      focus: { alpha: series.length > 1 ? 0.35 : 1 },
      scales: {
        // The axis shows the whole range asked for, also where there is no data.
        x: { time: true, range: (_u, min, max) => (min === max ? [min - 30, max + 30] : [min, max]) },
      },
      axes: [
        { ...axis, values: axisTimes },
        {
          ...axis,
          size: (u, values) => axisWidth(u, values),
          values: (_u, splits, _axis, _space, increment) => formatTicks(splits, increment),
        },
      ],
      series: [
        {},
        ...series.map(
          ({ color, values }): uPlot.Series => ({
            stroke: color,
            fill: filled ? `${color}66` : undefined,
            width: 1.5,
            points: { show: false, size: 4, fill: color, filter: () => isolatedPoints(values) },
          }),
        ),
      ],
      // Each area reaches down to the one below it, so that its colour is not mixed with the others'.
      bands: filled ? series.slice(1).map((_s, i): uPlot.Band => ({ series: [i + 2, i + 1] })) : undefined,
      plugins: [tooltip((s, p) => callbacks.current.describe(s, p), (s) => series[s]?.color ?? ink)],
      hooks: {
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 3) return;
            callbacks.current.onSelect(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    };
    const chart = new uPlot(options, [times, ...series.map((s) => s.values)], element);
    const resized = new ResizeObserver(() => {
      const width = Math.max(element.clientWidth, 200);
      if (width !== chart.width) chart.setSize({ width, height: HEIGHT });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [times, series, filled, dark, zone]);

  return <div ref={host} className="chart" style={{ minHeight: HEIGHT }} role="img" aria-label="Graph of the query result" />;
}

/** Wide enough for the longest tick label; measured once the labels are known. */
function axisWidth(u: uPlot, values: string[] | null): number {
  if (values === null) return 50;
  u.ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  const widest = Math.max(0, ...values.map((text) => u.ctx.measureText(text).width));
  return Math.ceil(widest / devicePixelRatio) + 20;
}

/** Clock time in 24 hours on each tick; the date below it wherever the day changes, in ISO order. */
const axisTimes: uPlot.Axis.Values = [
  [365 * 86_400, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * 86_400, '{YYYY}-{MM}', null, null, null, null, null, null, 1],
  [86_400, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
  [0.001, ':{ss}.{fff}', '\n{YYYY}-{MM}-{DD} {HH}:{mm}', null, '\n{MM}-{DD} {HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
];
