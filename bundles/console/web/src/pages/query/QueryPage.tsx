import { useRef } from 'react';
import { Button, Stack } from '@mantine/core';
import { navigate, usePlace } from '../../router';
import { EMPTY_PANEL, readPanels, writePanels, type Panel } from './panelState';
import { QueryPanel } from './QueryPanel';

/** All panels; the address is their only state, so that any view can be linked to. */
export default function QueryPage() {
  const { search } = usePlace();
  const panels = readPanels(search);
  const ids = usePanelIds(panels.length);
  const show = (next: Panel[]) => navigate('/query', writePanels(next));

  return (
    <Stack gap="md">
      {panels.map((panel, i) => (
        <QueryPanel
          key={ids.list[i]}
          panel={panel}
          autoFocus={i === panels.length - 1}
          onChange={(changed) => show(panels.with(i, changed))}
          onRemove={
            panels.length > 1
              ? () => {
                  ids.remove(i);
                  show(panels.toSpliced(i, 1));
                }
              : undefined
          }
        />
      ))}
      <div>
        <Button variant="light" onClick={() => show([...panels, EMPTY_PANEL])}>
          Add query
        </Button>
      </div>
    </Stack>
  );
}

/** Keys that stay with their panel when one above it is removed: an editor holds text that is in no address yet. */
function usePanelIds(count: number): { list: number[]; remove: (index: number) => void } {
  const ids = useRef<{ list: number[]; next: number }>({ list: [], next: 0 });
  const { current } = ids;
  while (current.list.length < count) current.list.push(current.next++);
  current.list.length = count;
  return {
    list: current.list,
    remove: (index) => {
      current.list.splice(index, 1);
    },
  };
}
