import { useEffect, useState } from 'react';
import { ActionIcon, Button, Group, Tabs } from '@mantine/core';
import { PromqlEditor } from '../../components/PromqlEditor';
import { GraphTab } from './GraphTab';
import type { Panel, Tab } from './panelState';
import { TableTab } from './TableTab';

interface Props {
  panel: Panel;
  autoFocus: boolean;
  onChange: (panel: Panel) => void;
  /** Absent for the only panel. */
  onRemove?: () => void;
}

export function QueryPanel({ panel, autoFocus, onChange, onRemove }: Props) {
  const [draft, setDraft] = useState(panel.expr);
  // Counts runs: running the same expression again must ask again.
  const [run, setRun] = useState(0);
  useEffect(() => setDraft(panel.expr), [panel.expr]);

  const execute = (expr: string) => {
    setRun(run + 1);
    onChange({ ...panel, expr: expr.trim() });
  };
  // Whatever is changed beside the editor runs what stands in it.
  const change = (changed: Panel) => onChange({ ...changed, expr: draft.trim() });

  return (
    <section className="card query-panel">
      <Group p="sm" gap="xs" align="flex-start" wrap="nowrap">
        <PromqlEditor value={draft} onChange={setDraft} onExecute={execute} autoFocus={autoFocus} />
        <Button onClick={() => execute(draft)} px="lg">
          Execute
        </Button>
        {onRemove && (
          <ActionIcon variant="default" size={36} aria-label="Remove query" onClick={onRemove}>
            ×
          </ActionIcon>
        )}
      </Group>
      <Tabs value={panel.tab} onChange={(tab) => change({ ...panel, tab: tab as Tab })} keepMounted={false}>
        <Tabs.List px="sm">
          <Tabs.Tab value="table">Table</Tabs.Tab>
          <Tabs.Tab value="graph">Graph</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="table" p="sm">
          <TableTab panel={panel} run={run} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="graph" p="sm">
          <GraphTab panel={panel} run={run} onChange={change} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}
