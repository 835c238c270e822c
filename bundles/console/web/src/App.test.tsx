import { describe, expect, it } from 'vitest';
import { fireEvent, render, screen } from '@testing-library/react';
import { App } from './App';
import { pretendServer } from './test-server';

describe('the console', () => {
  it('goes from page to page without loading anew', async () => {
    pretendServer({
      'status/buildinfo': { version: '1.2.3', revision: 'abc' },
      targets: { activeTargets: [] },
      rules: { groups: [{ name: 'g', file: 'f', interval: 15, evaluationTime: 0, lastEvaluation: '', rules: [
        { type: 'recording', name: 'job:up:sum', query: 'sum by (job) (up)', health: 'ok', evaluationTime: 0, lastEvaluation: '' },
      ] }] },
    });
    window.history.replaceState(null, '', '/targets');
    render(<App />);
    expect(await screen.findByText('1.2.3')).toBeTruthy();
    expect(await screen.findByText('Nothing is scraped yet')).toBeTruthy();
    fireEvent.click(screen.getByRole('link', { name: 'Rules' }));
    expect(await screen.findByText('job:up:sum')).toBeTruthy();
    expect(window.location.pathname).toBe('/rules');
    expect(document.title).toBe('Rules · Narthex');
    expect(screen.getByRole('link', { name: 'Bundles' }).getAttribute('href')).toBe('/system/console');
  });

  it('says so where there is no page', async () => {
    pretendServer({});
    window.history.replaceState(null, '', '/nosuch');
    render(<App />);
    expect(await screen.findByText('There is no page /nosuch')).toBeTruthy();
  });
});
