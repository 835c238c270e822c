import { Popover, SegmentedControl, Stack, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { serverPath } from '../api/base';
import { buildInfo } from '../api/client';
import type { Zone } from '../format/time';
import { Link, usePlace } from '../router';
import { useZone } from '../settings';
import { Logo } from './Logo';
import './Header.css';

const NAV = [
  { to: '/query', label: 'Query', also: ['/', '/graph'] },
  { to: '/alerts', label: 'Alerts', also: [] },
  { to: '/rules', label: 'Rules', also: [] },
  { to: '/targets', label: 'Targets', also: [] },
];

export function Header() {
  const { path } = usePlace();
  return (
    <header className="header">
      <div className="header-inner">
        <Link to="/query" className="header-brand">
          <Logo />
          Narthex
        </Link>
        <nav className="header-nav" aria-label="Pages">
          {NAV.map(({ to, label, also }) => (
            <Link key={to} to={to} className="header-link" active={path === to || also.includes(path)}>
              {label}
            </Link>
          ))}
          {/* The Felix Web Console: not a page of ours, so the browser goes there. */}
          <a className="header-link" href={serverPath('system/console')}>
            Bundles
          </a>
        </nav>
        <div className="header-end">
          <Version />
          <Settings />
        </div>
      </div>
    </header>
  );
}

function Version() {
  const { data } = useQuery({ queryKey: ['buildinfo'], queryFn: ({ signal }) => buildInfo(signal), staleTime: Infinity });
  if (data === undefined) return null;
  return <span title={data.data.revision && `Revision ${data.data.revision}`}>{data.data.version}</span>;
}

function Settings() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [zone, setZone] = useZone();
  return (
    <Popover position="bottom-end" width={260} shadow="md" trapFocus>
      <Popover.Target>
        <button type="button" className="header-menu">
          Settings
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600} id="setting-theme">
            Theme
          </Text>
          <SegmentedControl
            aria-labelledby="setting-theme"
            fullWidth
            size="xs"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
            data={[
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
              { value: 'auto', label: 'Auto' },
            ]}
          />
          <Text size="sm" fw={600} id="setting-zone">
            Times
          </Text>
          <SegmentedControl
            aria-labelledby="setting-zone"
            fullWidth
            size="xs"
            value={zone}
            onChange={(value) => setZone(value as Zone)}
            data={[
              { value: 'utc', label: 'UTC' },
              { value: 'local', label: 'Local' },
            ]}
          />
          <a className="plain" href={serverPath('licenses.txt')}>
            <Text size="xs">Licences of the software in this console</Text>
          </a>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
