import { Stack, Text } from '@mantine/core';
import { queryInstant } from '../../api/client';
import { Annotations, ErrorNotice } from '../../components/Notices';
import { TimeInput } from '../../components/TimeInput';
import { formatTime } from '../../format/time';
import { useZone } from '../../settings';
import type { Panel } from './panelState';
import { ResultBar } from './ResultBar';
import { ResultTable } from './ResultTable';
import { useResult } from './useResult';

interface Props {
  panel: Panel;
  run: number;
  onChange: (panel: Panel) => void;
}

export function TableTab({ panel, run, onChange }: Props) {
  const [zone] = useZone();
  const { expr, momentMs } = panel;
  const { data, error, isFetching } = useResult(
    ['instant', expr, momentMs, run],
    expr !== '',
    () => momentMs ?? Date.now(),
    (timeMs, signal) => queryInstant(expr, timeMs, signal),
  );
  const series = data && (data.data.resultType === 'vector' || data.data.resultType === 'matrix') ? data.data.result.length : 1;

  return (
    <Stack gap="sm">
      <ResultBar result={error ? undefined : data} series={series} loading={isFetching}>
        <TimeInput
          label="Evaluation time"
          value={momentMs}
          stepMs={600_000}
          onChange={(moment) => onChange({ ...panel, momentMs: moment })}
        />
        {data && !error && expr !== '' && (
          <Text size="sm" c="dimmed" className="nowrap">
            at {formatTime(data.asked, zone)} {zone === 'utc' ? 'UTC' : ''}
          </Text>
        )}
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
            <ResultTable data={data.data} />
          </>
        )
      )}
    </Stack>
  );
}
