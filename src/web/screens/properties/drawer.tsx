import { X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/states.tsx';
import { goToSection } from '../property/section.tsx';
import styles from './properties.module.css';

const PropertyPanel = lazy(async () => ({ default: (await import('../property/panel.tsx')).PropertyPanel }));

interface DrawerProps {
  propertyId: string;
  /** A part of the property to go to, once it is there. */
  section: string | null;
  onArrived: () => void;
  onClose: () => void;
}

const LONGEST_WAIT_MS = 10_000;
const SETTLES_MS = 2_000;
const HANDS = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;

/** The detail of a property beside the list. */
export function Drawer({ propertyId, section, onArrived, onClose }: DrawerProps) {
  const place = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another property begins at its top
  useEffect(() => {
    place.current?.scrollTo({ top: 0 });
  }, [propertyId]);
  useEffect(() => {
    if (section === null) return;
    const started = Date.now();
    let since: number | null = null;
    const end = () => {
      clearInterval(timer);
      onArrived();
    };
    // The parts above it grow as they load: it is gone to again until they rest, or somebody moves by hand.
    const timer = setInterval(() => {
      const isThere = place.current?.querySelector(`[id$="${section}"]`) != null;
      if (isThere) {
        since ??= Date.now();
        goToSection(section);
      }
      const now = Date.now();
      if (now - (since ?? now) > SETTLES_MS || (since === null && now - started > LONGEST_WAIT_MS)) end();
    }, 150);
    for (const name of HANDS) window.addEventListener(name, end, { once: true });
    return () => {
      clearInterval(timer);
      for (const name of HANDS) window.removeEventListener(name, end);
    };
  }, [section, onArrived]);
  return (
    <aside ref={place} className={styles.drawer} aria-label="Detail of the property">
      <Button className={styles.closeDrawer} size="small" icon={<X size={14} />} onClick={onClose}>
        Close
      </Button>
      <Suspense fallback={<Loading label="Property" lines={10} />}>
        <PropertyPanel propertyId={propertyId} onClose={onClose} />
      </Suspense>
    </aside>
  );
}
