import { useState } from 'react';
import { Button, Table, Text } from '@mantine/core';
import type { MatrixSeries, QueryData, Sample, VectorSeries } from '../../api/types';
import { SeriesName } from '../../components/SeriesName';
import { formatHistogram } from '../../format/series';
import { formatTime } from '../../format/time';
import { useZone } from '../../settings';

/** Rows drawn at once; a browser is slow with many thousands of them. */
const FIRST_ROWS = 500;

export function ResultTable({ data }: { data: QueryData }) {
  const [all, setAll] = useState(false);
  if (data.resultType === 'scalar' || data.resultType === 'string') {
    return <SingleValue type={data.resultType} sample={data.result} />;
  }
  if (data.result.length === 0) {
    return (
      <Text c="dimmed" size="sm" py="md">
        The query has no series as its result.
      </Text>
    );
  }
  const rows = all ? data.result : data.result.slice(0, FIRST_ROWS);
  return (
    <>
      <Table highlightOnHover verticalSpacing={6}>
        <Table.Tbody>
          {rows.map((series: VectorSeries | MatrixSeries, i) => (
            <Table.Tr key={i}>
              <Table.Td>
                <SeriesName labels={series.metric} />
              </Table.Td>
              <Table.Td className="number series">
                {'values' in series || 'histograms' in series ? (
                  <RangeValues series={series} />
                ) : (
                  <InstantValue series={series as VectorSeries} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length < data.result.length && (
        <Button variant="light" onClick={() => setAll(true)}>
          Show all {data.result.length} series (first {FIRST_ROWS} are shown)
        </Button>
      )}
    </>
  );
}

function InstantValue({ series }: { series: VectorSeries }) {
  return series.histogram ? formatHistogram(series.histogram[1]) : series.value?.[1];
}

function RangeValues({ series }: { series: MatrixSeries }) {
  const [zone] = useZone();
  const samples = [
    ...(series.values ?? []),
    ...(series.histograms ?? []).map(([time, histogram]): Sample => [time, formatHistogram(histogram)]),
  ].sort((a, b) => a[0] - b[0]);
  return samples.map(([time, value]) => (
    <div key={time}>
      {value} <span className="tok-dim nowrap">@ {formatTime(Math.round(time * 1000), zone)}</span>
    </div>
  ));
}

function SingleValue({ type, sample }: { type: string; sample: Sample }) {
  return (
    <Table>
      <Table.Tbody>
        <Table.Tr>
          <Table.Td>{type}</Table.Td>
          <Table.Td className="number series">{sample[1]}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
