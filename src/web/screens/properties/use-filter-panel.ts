import { useState } from 'react';
import { useMedia } from './use-media.ts';

const KEY = 'reos.properties.filters';

/** Whether the filters are shown: remembered on wide screens, opened each time on narrow ones, where they lie on top. */
export function useFilterPanel() {
  const isNarrow = useMedia('(max-width: 1100px)');
  const [isWideOpen, setWideOpen] = useState(() => localStorage.getItem(KEY) !== 'closed');
  const [isNarrowOpen, setNarrowOpen] = useState(false);
  return {
    isNarrow,
    isOpen: isNarrow ? isNarrowOpen : isWideOpen,
    toggle: () => {
      if (isNarrow) {
        setNarrowOpen(!isNarrowOpen);
        return;
      }
      localStorage.setItem(KEY, isWideOpen ? 'closed' : 'open');
      setWideOpen(!isWideOpen);
    },
  };
}
