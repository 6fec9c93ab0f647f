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

const LONGEST_WAIT_MS = 4_000;

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
    const timer = setInterval(() => {
      const isThere = place.current?.querySelector(`[id$="${section}"]`) != null;
      if (isThere) goToSection(section);
      if (isThere || Date.now() - started > LONGEST_WAIT_MS) {
        clearInterval(timer);
        onArrived();
      }
    }, 100);
    return () => clearInterval(timer);
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
