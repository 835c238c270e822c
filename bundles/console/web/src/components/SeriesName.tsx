import { Fragment, memo } from 'react';
import type { Labels } from '../api/types';
import { seriesText } from '../format/series';

/** A series in PromQL's notation, with its labels set apart by colour. */
export const SeriesName = memo(function SeriesName({ labels }: { labels: Labels }) {
  const { name, parts } = seriesText(labels);
  if (name === '' && parts.length === 0) return <span className="series tok-dim">{'{}'}</span>;
  return (
    <span className="series">
      {name && <span className="tok-metric">{name}</span>}
      {parts.length > 0 && (
        <>
          <span className="tok-dim">{'{'}</span>
          {parts.map(({ label, value }, i) => (
            <Fragment key={label}>
              {i > 0 && <span className="tok-dim">, </span>}
              <span className={value === undefined ? 'tok-metric' : 'tok-label'}>{label}</span>
              {value !== undefined && (
                <>
                  <span className="tok-dim">=</span>
                  <span className="tok-string">{value}</span>
                </>
              )}
            </Fragment>
          ))}
          <span className="tok-dim">{'}'}</span>
        </>
      )}
    </span>
  );
});
