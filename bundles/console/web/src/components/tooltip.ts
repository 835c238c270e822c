import type uPlot from 'uplot';

export interface TooltipText {
  time: string;
  value: string;
  lines: string[];
}

/** Shows the point nearest to the pointer. Plain DOM, since it follows every move of the pointer. */
export function tooltip(
  describe: (series: number, point: number) => TooltipText | null,
  color: (series: number) => string,
): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'chart-tooltip';
  let focused = -1;

  function show(u: uPlot, series: number, text: TooltipText): void {
    const time = element('div', text.time, 'chart-tooltip-time');
    const value = element('div', '', 'chart-tooltip-value');
    const swatch = document.createElement('i');
    swatch.style.background = color(series);
    value.append(swatch, element('span', text.value));
    box.replaceChildren(time, value, ...text.lines.map((line) => element('div', line)));
    box.style.display = 'block';
    const { left = 0, top = 0 } = u.cursor;
    const onLeft = left + 20 + box.offsetWidth > u.over.clientWidth && left - 20 - box.offsetWidth > 0;
    box.style.left = `${onLeft ? left - box.offsetWidth - 16 : left + 16}px`;
    box.style.top = `${Math.max(0, Math.min(top - 12, u.over.clientHeight - box.offsetHeight))}px`;
  }

  return {
    hooks: {
      ready: (u) => {
        u.over.append(box);
      },
      setSeries: (_u, series) => {
        focused = series ?? -1;
      },
      setCursor: (u) => {
        const point = u.cursor.idx;
        const inside = focused > 0 && point != null && (u.cursor.left ?? -1) >= 0;
        const text = inside ? describe(focused - 1, point) : null;
        if (text !== null) show(u, focused - 1, text);
        else box.style.display = 'none';
      },
    },
  };
}

function element(tag: string, text: string, className = ''): HTMLElement {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}
