import { EMPTY_PANEL, writePanels } from '../pages/query/panelState';
import { Link } from '../router';
import { Expression } from './Expression';

/** An expression that leads to the query page, where it runs. */
export function QueryLink({ expr }: { expr: string }) {
  return (
    <Link to="/query" search={writePanels([{ ...EMPTY_PANEL, expr }])} className="query-link">
      <Expression expr={expr} />
    </Link>
  );
}
