import { Accordion, Badge, Group, Loader, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { targets as fetchTargets } from '../../api/client';
import type { Target } from '../../api/types';
import { Ago } from '../../components/Ago';
import { EmptyState } from '../../components/EmptyState';
import { FilterBar } from '../../components/FilterBar';
import { LabelBadges } from '../../components/LabelBadges';
import { ErrorNotice } from '../../components/Notices';
import { StateBadge } from '../../components/StateBadge';
import { formatElapsed } from '../../format/duration';
import { useSearchParam } from '../../router';
import { toPools, type Pool } from './pools';

const REFRESH_MS = 5000;

export default function TargetsPage() {
  const [health, setHealth] = useSearchParam('health');
  const [text, setText] = useSearchParam('search');
  const { data, error } = useQuery({
    queryKey: ['targets'],
    queryFn: ({ signal }) => fetchTargets(signal),
    refetchInterval: REFRESH_MS,
  });
  const all = data?.data.activeTargets ?? [];
  const count = (state: string) => all.filter((target) => target.health === state).length;
  const dropped = Object.values(data?.data.droppedTargetCounts ?? {}).reduce((sum, n) => sum + n, 0);

  return (
    <>
      <FilterBar
        text={text}
        onText={setText}
        placeholder="Filter by address, label or error"
        choiceLabel="Health"
        choice={health}
        onChoice={setHealth}
        choices={[
          { value: '', label: `All (${all.length})` },
          { value: 'up', label: `Up (${count('up')})` },
          { value: 'down', label: `Down (${count('down')})` },
          { value: 'unknown', label: `Unknown (${count('unknown')})` },
        ]}
      >
        {dropped > 0 && (
          <Text size="sm" c="dimmed">
            {dropped} dropped by relabelling
          </Text>
        )}
      </FilterBar>
      <Stack gap="md">
        {error && <ErrorNotice error={error} />}
        {data ? <Pools pools={toPools(all, health, text)} any={all.length > 0} /> : !error && <Loader />}
      </Stack>
    </>
  );
}

function Pools({ pools, any }: { pools: Pool[]; any: boolean }) {
  if (!any) {
    return (
      <EmptyState title="Nothing is scraped yet">
        <Text>
          Add a job under <code>scrape_configs</code> in <code>prometheus.yml</code> and reload the configuration. Its targets
          appear here as soon as they are discovered.
        </Text>
      </EmptyState>
    );
  }
  if (pools.length === 0) return <Text c="dimmed">No target passes the filter.</Text>;
  return (
    <Accordion multiple variant="separated" defaultValue={pools.map((pool) => pool.name)} className="groups">
      {pools.map((pool) => (
        <Accordion.Item key={pool.name} value={pool.name} className="card">
          <Accordion.Control>
            <Group gap="sm">
              <Text fw={600}>{pool.name}</Text>
              <Badge radius="sm" variant="light" color={pool.up === pool.total ? 'green' : 'red'} className="state-badge">
                {pool.up} of {pool.total} up
              </Badge>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <TargetTable targets={pool.targets} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function TargetTable({ targets }: { targets: Target[] }) {
  return (
    <Table className="rows" verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="30%">Endpoint</Table.Th>
          <Table.Th w={90}>Health</Table.Th>
          <Table.Th>Labels</Table.Th>
          <Table.Th w={120} className="nowrap">Last scrape</Table.Th>
          <Table.Th w={110}>Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {targets.map((target) => (
          <Table.Tr key={`${target.scrapeUrl} ${JSON.stringify(target.labels)}`}>
            <Table.Td>
              <Endpoint target={target} />
              {target.lastError && (
                <Text size="sm" c="red" className="message" mt={4}>
                  {target.lastError}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <StateBadge state={target.health} />
            </Table.Td>
            <Table.Td>
              <LabelBadges labels={target.labels} />
            </Table.Td>
            <Table.Td data-column="Last scrape">
              <Ago time={target.lastScrape} />
            </Table.Td>
            <Table.Td data-column="Took" className="nowrap" title={`every ${target.scrapeInterval}, at most ${target.scrapeTimeout}`}>
              {formatElapsed(target.lastScrapeDuration)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Targets inside the process have an address of their own kind, which no browser can open. */
function Endpoint({ target }: { target: Target }) {
  const address = target.globalUrl || target.scrapeUrl;
  if (!/^https?:/.test(address)) return <span className="message">{target.scrapeUrl}</span>;
  return (
    <a className="plain" href={address} target="_blank" rel="noreferrer">
      {target.scrapeUrl}
    </a>
  );
}
