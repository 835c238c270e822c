import { memo, type ReactNode } from 'react';
import { highlightCode } from '@lezer/highlight';
import { parser } from '@prometheus-io/lezer-promql';
import { promqlHighlighter } from './promqlHighlight';

/** A PromQL expression to read, highlighted as in the editor. */
export const Expression = memo(function Expression({ expr }: { expr: string }) {
  const nodes: ReactNode[] = [];
  highlightCode(
    expr,
    parser.parse(expr),
    promqlHighlighter,
    (text, className) =>
      nodes.push(
        <span key={nodes.length} className={className}>
          {text}
        </span>,
      ),
    () => nodes.push('\n'),
  );
  return <code className="expression">{nodes}</code>;
});
