// As much of a Prometheus client as is needed here: counters, gauges and histograms, written as text.

const key = (labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
const braced = (text) => (text === '' ? '' : `{${text}}`);

/** A counter or a gauge. */
export class Series {
  constructor(name, type, help) {
    Object.assign(this, { name, type, help, values: new Map() });
  }

  add(labels, amount = 1) {
    this.set(labels, (this.values.get(key(labels)) ?? 0) + amount);
  }

  set(labels, value) {
    this.values.set(key(labels), value);
  }

  clear() {
    this.values.clear();
  }

  lines() {
    return [...this.values].map(([labels, value]) => `${this.name}${braced(labels)} ${value}`);
  }
}

export class Histogram {
  type = 'histogram';

  constructor(name, help, bounds) {
    Object.assign(this, { name, help, bounds, counts: new Array(bounds.length + 1).fill(0), sum: 0 });
  }

  observe(value) {
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    this.counts[bucket < 0 ? this.bounds.length : bucket]++;
    this.sum += value;
  }

  lines() {
    let count = 0;
    const buckets = this.counts.map((each, i) => `${this.name}_bucket{le="${this.bounds[i] ?? '+Inf'}"} ${(count += each)}`);
    return [...buckets, `${this.name}_sum ${this.sum}`, `${this.name}_count ${count}`];
  }
}

export function page(metrics) {
  return metrics.map((each) => `# HELP ${each.name} ${each.help}\n# TYPE ${each.name} ${each.type}\n${each.lines().join('\n')}\n`).join('');
}
