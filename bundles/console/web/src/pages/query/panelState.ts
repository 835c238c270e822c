import { formatDuration, parseDuration } from '../../format/duration';
import { formatTime, parseTime } from '../../format/time';

export type Tab = 'table' | 'graph';
export type Display = 'lines' | 'stacked';

/** One query and how to look at it: what a link to it must carry. */
export interface Panel {
  expr: string;
  tab: Tab;
  rangeMs: number;
  /** End of the graph; null is now. */
  endMs: number | null;
  /** Evaluation time of the table; null is now. */
  momentMs: number | null;
  /** Distance of the graph's points; null leaves it to {@link stepOf}. */
  stepSeconds: number | null;
  display: Display;
}

export const EMPTY_PANEL: Panel = {
  expr: '',
  tab: 'table',
  rangeMs: 3_600_000,
  endMs: null,
  momentMs: null,
  stepSeconds: null,
  display: 'lines',
};

/** Points per graph when the resolution is automatic: about one for every four pixels of a wide window. */
const AUTO_POINTS = 250;

export function stepOf(panel: Panel): number {
  return panel.stepSeconds ?? Math.max(1, Math.floor(panel.rangeMs / 1000 / AUTO_POINTS));
}

/**
 * Reads the panels of a query string with Prometheus' own names, `g0.expr` and so on; those of Prometheus 2 are
 * understood too (`tab` 0 is the graph, 1 the table). There is always at least one panel.
 */
export function readPanels(search: string): Panel[] {
  const params = new URLSearchParams(search);
  const panels: Panel[] = [];
  for (let i = 0; params.has(`g${i}.expr`); i++) {
    panels.push(readPanel((name) => params.get(`g${i}.${name}`) ?? ''));
  }
  return panels.length > 0 ? panels : [EMPTY_PANEL];
}

function readPanel(param: (name: string) => string): Panel {
  const tab = param('tab');
  const fixedStep = param('res_type') === 'auto' ? '' : param('res_step') || param('step_input');
  const rangeMs = parseDuration(param('range_input'));
  return {
    expr: param('expr'),
    tab: tab === 'graph' || tab === '0' ? 'graph' : 'table',
    rangeMs: rangeMs === null || rangeMs === 0 ? EMPTY_PANEL.rangeMs : rangeMs,
    endMs: parseTime(param('end_input')),
    momentMs: parseTime(param('moment_input')),
    stepSeconds: parseStep(fixedStep),
    display: param('display_mode') === 'stacked' || param('stacked') === '1' ? 'stacked' : 'lines',
  };
}

/** Seconds, as a number or as a duration; null if there are none. */
export function parseStep(text: string): number | null {
  const seconds = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : (parseDuration(text) ?? 0) / 1000;
  return seconds > 0 ? seconds : null;
}

/** The query string {@link readPanels} reads. */
export function writePanels(panels: Panel[]): string {
  const params = new URLSearchParams();
  panels.forEach((panel, i) => {
    const put = (name: string, value: string) => params.set(`g${i}.${name}`, value);
    put('expr', panel.expr);
    put('tab', panel.tab);
    put('range_input', formatDuration(panel.rangeMs));
    if (panel.endMs !== null) put('end_input', formatTime(panel.endMs));
    if (panel.momentMs !== null) put('moment_input', formatTime(panel.momentMs));
    if (panel.stepSeconds === null) put('res_type', 'auto');
    else {
      put('res_type', 'fixed');
      put('res_step', String(panel.stepSeconds));
    }
    put('display_mode', panel.display);
  });
  return params.toString();
}

const RANGES = [
  '1s', '10s', '1m', '5m', '15m', '30m', '1h', '2h', '6h', '12h', '1d', '2d', '1w', '2w', '4w', '8w', '1y', '2y', '5y',
].map((text) => parseDuration(text) ?? 0);

/** The next longer (+1) or shorter (-1) of the usual ranges. */
export function nextRange(rangeMs: number, direction: 1 | -1): number {
  const next = direction > 0 ? RANGES.find((r) => r > rangeMs) : RANGES.findLast((r) => r < rangeMs);
  return next ?? rangeMs;
}
