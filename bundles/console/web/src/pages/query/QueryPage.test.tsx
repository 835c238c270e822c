import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import { Providers } from '../../Providers';
import { failure, pretendServer, success } from '../../test-server';
import QueryPage from './QueryPage';

// jsdom has no canvas; what the chart is given is tested, drawing is the browser's.
vi.mock('../../components/Chart', () => ({
  Chart: ({ series }: { series: unknown[] }) => <div>chart of {series.length} series</div>,
}));

const UP = {
  resultType: 'vector',
  result: [
    { metric: { __name__: 'up', job: 'node' }, value: [1_700_000_000, '1'] },
    { metric: { __name__: 'up', job: 'web' }, value: [1_700_000_000, '0'] },
  ],
};

function open(address: string) {
  window.history.replaceState(null, '', address);
  return render(<QueryPage />, { wrapper: Providers });
}

/** By its text as it stands there: the accessible name has spaces between the highlighted parts. */
function clickLegend(series: string) {
  const item = screen.getAllByRole('button').find((button) => button.textContent === series);
  if (item === undefined) throw new Error(`no legend item ${series}`);
  fireEvent.click(item);
}

beforeEach(() => window.history.replaceState(null, '', '/'));

describe('the query page', () => {
  it('explains itself when there is no query', async () => {
    const asked = pretendServer({});
    open('/');
    expect(await screen.findByText(/No query yet/)).toBeTruthy();
    expect(asked.filter(({ path }) => path.endsWith('/query'))).toEqual([]);
  });

  it('shows the result of the expression in the address, as series and values', async () => {
    const asked = pretendServer({ query: UP });
    open('/graph?g0.expr=up&g0.tab=1&g0.moment_input=2026-11-23+14%3A00%3A00');
    expect((await screen.findAllByRole('row')).map((row) => row.textContent)).toEqual(['up{job="node"}1', 'up{job="web"}0']);
    expect(screen.getByText(/Result series: 2/)).toBeTruthy();
    expect(screen.getByText('at 2026-11-23 14:00:00 UTC')).toBeTruthy();
    expect(asked.find(({ path }) => path.endsWith('/query'))?.params.get('time')).toBe(String(Date.UTC(2026, 10, 23, 14) / 1000));
  });

  it('asks again when the same expression is executed again', async () => {
    const asked = pretendServer({ query: UP });
    open('/query?g0.expr=up');
    await screen.findByText(/Result series: 2/);
    fireEvent.click(screen.getByRole('button', { name: 'Execute' }));
    await vi.waitFor(() => expect(asked.filter(({ path }) => path.endsWith('/query')).length).toBe(2));
  });

  it("shows the server's error type and message", async () => {
    pretendServer({ query: () => failure(400, 'bad_data', '1:4: parse error: unexpected end of input') });
    open('/query?g0.expr=up%7B');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('bad_data');
    expect(alert.textContent).toContain('1:4: parse error: unexpected end of input');
  });

  it('shows warnings and infos beside the result', async () => {
    pretendServer({ query: () => success(UP, { warnings: ['a warning'], infos: ['metric might not be a counter'] }) });
    open('/query?g0.expr=up');
    expect(await screen.findByText('a warning')).toBeTruthy();
    expect(screen.getByText('metric might not be a counter')).toBeTruthy();
  });

  it('says so when there is no series', async () => {
    pretendServer({ query: { resultType: 'vector', result: [] } });
    open('/query?g0.expr=nosuch');
    expect(await screen.findByText(/no series as its result/)).toBeTruthy();
  });

  it('shows a scalar', async () => {
    pretendServer({ query: { resultType: 'scalar', result: [1_700_000_000, '42'] } });
    open('/query?g0.expr=42');
    expect((await screen.findByRole('row')).textContent).toBe('scalar42');
  });

  it('asks for a range for the graph and hides series by its legend', async () => {
    const values = [[1_700_000_000, '1']];
    const asked = pretendServer({
      query_range: { resultType: 'matrix', result: [{ metric: { job: 'node' }, values }, { metric: { job: 'web' }, values }] },
    });
    open('/graph?g0.expr=up&g0.tab=0&g0.range_input=30m&g0.end_input=2023-11-14+22%3A13%3A20');
    expect(await screen.findByText('chart of 2 series')).toBeTruthy();
    const params = asked.find(({ path }) => path.endsWith('/query_range'))?.params;
    expect([params?.get('start'), params?.get('end'), params?.get('step')]).toEqual(['1699998200', '1700000000', '7']);

    clickLegend('{job="web"}');
    expect(screen.getByText('chart of 1 series')).toBeTruthy();
    clickLegend('{job="web"}');
    expect(screen.getByText('chart of 2 series')).toBeTruthy();
  });

  it('puts the choice of tab and range into the address', async () => {
    pretendServer({ query: UP, query_range: { resultType: 'matrix', result: [] } });
    open('/query?g0.expr=up');
    fireEvent.click(await screen.findByRole('tab', { name: 'Graph' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Longer range' }));
    const params = new URLSearchParams(window.location.search);
    expect(params.get('g0.tab')).toBe('graph');
    expect(params.get('g0.range_input')).toBe('2h');
  });

  it('adds and removes queries', async () => {
    pretendServer({ query: UP });
    open('/query?g0.expr=up&g1.expr=up+%3D%3D+0');
    fireEvent.click(screen.getByRole('button', { name: 'Add query' }));
    expect(screen.getAllByRole('button', { name: 'Remove query' }).length).toBe(3);
    fireEvent.click(screen.getAllByRole('button', { name: 'Remove query' })[0] as HTMLElement);
    expect(new URLSearchParams(window.location.search).get('g0.expr')).toBe('up == 0');
    await screen.findByText(/Result series: 2/);
  });
});
