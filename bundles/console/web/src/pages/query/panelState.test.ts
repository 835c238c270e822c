import { describe, expect, it } from 'vitest';
import { EMPTY_PANEL, nextRange, parseStep, readPanels, stepOf, writePanels, type Panel } from './panelState';

const PANEL: Panel = {
  expr: 'sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) > 0',
  tab: 'graph',
  rangeMs: 5_400_000,
  endMs: Date.UTC(2026, 10, 23, 14, 0, 0),
  momentMs: Date.UTC(2026, 10, 23, 13, 0, 0),
  stepSeconds: 30,
  display: 'stacked',
};

describe('the address of a query', () => {
  it('brings back every panel', () => {
    const panels = [PANEL, { ...EMPTY_PANEL, expr: 'up' }];
    expect(readPanels(writePanels(panels))).toEqual(panels);
  });

  it("uses Prometheus' names", () => {
    const params = new URLSearchParams(writePanels([PANEL]));
    expect(params.get('g0.expr')).toBe(PANEL.expr);
    expect(params.get('g0.tab')).toBe('graph');
    expect(params.get('g0.range_input')).toBe('1h30m');
    expect(params.get('g0.end_input')).toBe('2026-11-23 14:00:00');
    expect(params.get('g0.moment_input')).toBe('2026-11-23 13:00:00');
  });

  it('is understood as Prometheus 2 and Alertmanager write it', () => {
    expect(readPanels('g0.expr=up+%3D%3D+0&g0.tab=1')).toEqual([{ ...EMPTY_PANEL, expr: 'up == 0' }]);
    const [graph] = readPanels('g0.expr=up&g0.tab=0&g0.stacked=1&g0.range_input=2h&g0.step_input=60');
    expect(graph).toEqual({ ...EMPTY_PANEL, expr: 'up', tab: 'graph', display: 'stacked', rangeMs: 7_200_000, stepSeconds: 60 });
  });

  it('falls back to the usual where a value makes no sense', () => {
    expect(readPanels('g0.expr=up&g0.tab=x&g0.range_input=zz&g0.end_input=yesterday&g0.res_step=-1')).toEqual([
      { ...EMPTY_PANEL, expr: 'up' },
    ]);
  });

  it('is one empty panel where nothing is said', () => {
    expect(readPanels('')).toEqual([EMPTY_PANEL]);
  });

  it('keeps the tab of a panel that has no expression yet', () => {
    expect(readPanels(writePanels([{ ...EMPTY_PANEL, tab: 'graph' }]))[0]?.tab).toBe('graph');
  });
});

describe('the resolution', () => {
  it('fits the range unless it is given', () => {
    expect(stepOf(EMPTY_PANEL)).toBe(14);
    expect(stepOf({ ...EMPTY_PANEL, rangeMs: 60_000 })).toBe(1);
    expect(stepOf(PANEL)).toBe(30);
  });

  it('is given in seconds or as a duration', () => {
    expect(parseStep('15')).toBe(15);
    expect(parseStep('0.5')).toBe(0.5);
    expect(parseStep('1m')).toBe(60);
    expect(parseStep('0')).toBeNull();
    expect(parseStep('soon')).toBeNull();
  });
});

describe('nextRange', () => {
  it('goes to the next of the usual ranges and stays at the ends', () => {
    expect(nextRange(3_600_000, 1)).toBe(7_200_000);
    expect(nextRange(3_600_000, -1)).toBe(1_800_000);
    expect(nextRange(4_000_000, -1)).toBe(3_600_000);
    expect(nextRange(1000, -1)).toBe(1000);
  });
});
