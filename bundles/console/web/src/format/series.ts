import type { Histogram, Labels } from '../api/types';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A string literal of PromQL. */
export function quote(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')}"`;
}

export interface SeriesText {
  /** The metric name where it may stand before the braces; else empty. */
  name: string;
  /** What stands in the braces, in order. A metric name that needs quotes comes first, without a value. */
  parts: { label: string; value?: string }[];
}

/** A series in the notation it can be selected by, split up for highlighting. */
export function seriesText(labels: Labels): SeriesText {
  const metric = labels.__name__ ?? '';
  const plain = NAME.test(metric);
  const parts: SeriesText['parts'] = metric !== '' && !plain ? [{ label: quote(metric) }] : [];
  for (const label of Object.keys(labels).sort()) {
    if (label === '__name__') continue;
    parts.push({ label: LABEL.test(label) ? label : quote(label), value: quote(labels[label] ?? '') });
  }
  return { name: plain ? metric : '', parts };
}

/** The same as one string: `up{job="node"}`, `{"http.requests",code="200"}`, `{}`. */
export function formatSeries(labels: Labels): string {
  const { name, parts } = seriesText(labels);
  if (name !== '' && parts.length === 0) return name;
  return `${name}{${parts.map((p) => (p.value === undefined ? p.label : `${p.label}=${p.value}`)).join(', ')}}`;
}

/** A native histogram in one line, as Prometheus' own tools write it. */
export function formatHistogram(histogram: Histogram): string {
  const buckets = (histogram.buckets ?? []).map(([boundary, lower, upper, count]) => {
    const left = boundary === 1 || boundary === 3 ? '[' : '(';
    const right = boundary === 0 || boundary === 3 ? ']' : ')';
    return `${left}${lower},${upper}${right}:${count}`;
  });
  return `{${[`count:${histogram.count}`, `sum:${histogram.sum}`, ...buckets].join(', ')}}`;
}
