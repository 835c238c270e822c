import { useEffect, useState } from 'react';
import { ActionIcon, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { queryRange, type Range } from '../../api/client';
import { Annotations, ErrorNotice } from '../../components/Notices';
import { TimeInput } from '../../components/TimeInput';
import { formatDuration, parseDuration } from '../../format/duration';
import { Graph } from './Graph';
import { nextRange, parseStep, stepOf, type Display, type Panel } from './panelState';
import { ResultBar } from './ResultBar';
import { useResult } from './useResult';

interface Props {
  panel: Panel;
  run: number;
  onChange: (panel: Panel) => void;
}

function rangeOf(panel: Panel): Range {
  // Whole seconds, as in the addresses.
  const endMs = panel.endMs ?? Math.floor(Date.now() / 1000) * 1000;
  return { startMs: endMs - panel.rangeMs, endMs, stepSeconds: stepOf(panel) };
}

export function GraphTab({ panel, run, onChange }: Props) {
  const { expr, rangeMs, endMs } = panel;
  const { data, error, isFetching } = useResult(
    ['range', expr, rangeMs, endMs, stepOf(panel), run],
    expr !== '',
    () => rangeOf(panel),
    (range, signal) => queryRange(expr, range, signal),
  );
  const result = data?.data.resultType === 'matrix' ? data.data.result : [];

  const zoom = (from: number, to: number) => {
    const end = Math.ceil(to);
    onChange({ ...panel, endMs: end * 1000, rangeMs: Math.max(1, end - Math.floor(from)) * 1000 });
  };

  return (
    <Stack gap="sm">
      <ResultBar result={error ? undefined : data} series={result.length} loading={isFetching}>
        <RangeInput rangeMs={rangeMs} onChange={(range) => onChange({ ...panel, rangeMs: range })} />
        <TimeInput label="End time" value={endMs} stepMs={rangeMs / 2} onChange={(end) => onChange({ ...panel, endMs: end })} />
        <StepInput panel={panel} onChange={onChange} />
        <SegmentedControl
          aria-label="Display"
          value={panel.display}
          onChange={(display) => onChange({ ...panel, display: display as Display })}
          data={[
            { value: 'lines', label: 'Lines' },
            { value: 'stacked', label: 'Stacked' },
          ]}
        />
      </ResultBar>
      {expr === '' ? (
        <Text c="dimmed" size="sm" py="md">
          No query yet. Type an expression above, for example <code>up</code>, and press Enter.
        </Text>
      ) : error ? (
        <ErrorNotice error={error} />
      ) : (
        data && (
          <>
            <Annotations warnings={data.warnings} infos={data.infos} />
            <Graph result={result} range={data.asked} display={panel.display} onZoom={zoom} />
          </>
        )
      )}
    </Stack>
  );
}

function RangeInput({ rangeMs, onChange }: { rangeMs: number; onChange: (rangeMs: number) => void }) {
  const shown = formatDuration(rangeMs);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const parsed = parseDuration(draft);
  const wrong = parsed === null || parsed === 0;
  const take = () => {
    if (!wrong && parsed !== rangeMs) onChange(parsed);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon variant="default" size={36} aria-label="Shorter range" onClick={() => onChange(nextRange(rangeMs, -1))}>
        −
      </ActionIcon>
      <TextInput
        aria-label="Range"
        title="How far back the graph reaches, for example 1h30m"
        w={84}
        value={draft}
        error={wrong}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
      <ActionIcon variant="default" size={36} aria-label="Longer range" onClick={() => onChange(nextRange(rangeMs, 1))}>
        +
      </ActionIcon>
    </Group>
  );
}

function StepInput({ panel, onChange }: { panel: Panel; onChange: (panel: Panel) => void }) {
  const shown = panel.stepSeconds === null ? '' : String(panel.stepSeconds);
  const [draft, setDraft] = useState(shown);
  useEffect(() => setDraft(shown), [shown]);
  const parsed = draft.trim() === '' ? null : parseStep(draft);
  const wrong = draft.trim() !== '' && parsed === null;
  const take = () => {
    if (!wrong && parsed !== panel.stepSeconds) onChange({ ...panel, stepSeconds: parsed });
  };
  return (
    <TextInput
      aria-label="Resolution"
      title="Distance of the points in seconds, or as a duration; empty to fit the range"
      placeholder={`Res. auto (${stepOf(panel)}s)`}
      w={146}
      value={draft}
      error={wrong}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  );
}
