import { X } from 'lucide-react';
import { lazy, type RefObject, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/states.tsx';
import { goToSection, sectionId } from '../property/section.tsx';
import styles from './properties.module.css';

const PropertyPanel = lazy(async () => ({ default: (await import('../property/panel.tsx')).PropertyPanel }));

interface DrawerProps {
  propertyId: string;
  /** The part of the property that the address names. */
  section: string | undefined;
  /** Grows with each wish to go to it by a key. */
  wishes: number;
  /** Told here: the part that is looked at, for the step to the next property. */
  place: RefObject<string | undefined>;
  /** The keys pass others at this moment. */
  isPassing: boolean;
  onClose: () => void;
}

const LONGEST_WAIT_MS = 10_000;
const SETTLES_MS = 2_000;
const HANDS = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
/** A part is looked at when it begins above this, below the links that stick to the top. */
const TOP_PX = 80;

/** The detail of a property beside the list. A step to another stays at the part that is looked at. */
export function Drawer({ propertyId, section, wishes, place, isPassing, onClose }: DrawerProps) {
  const box = useRef<HTMLElement>(null);
  const hasFocus = useRef(false);
  const isByHand = useRef(false);
  // Opened by a wish, it names a part from the beginning: that wish is not granted yet.
  const granted = useRef(section === undefined ? wishes : 0);
  // Before the browser draws, and before the parts above count as seen and ask the API.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each property begins there
  useLayoutEffect(() => {
    isByHand.current = false;
    place.current = section;
    if (section === undefined) box.current?.scrollTo({ top: 0 });
    else goToSection(section, false);
  }, [propertyId, section, wishes]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each property begins there
  useEffect(() => {
    // The address names the part a moment after the wish: until then nothing is granted.
    if (section === undefined) return;
    const takesFocus = hasFocus.current || granted.current !== wishes;
    granted.current = wishes;
    const started = Date.now();
    let since: number | null = null;
    const end = () => clearInterval(timer);
    // The parts above it grow as they load: it is gone to again until they rest, or somebody moves by hand.
    const timer = setInterval(() => {
      const isThere = document.getElementById(sectionId(section)) !== null;
      if (isThere) {
        since ??= Date.now();
        goToSection(section, takesFocus);
      }
      const now = Date.now();
      if (now - (since ?? now) > SETTLES_MS || (since === null && now - started > LONGEST_WAIT_MS)) end();
    }, 150);
    for (const name of HANDS) window.addEventListener(name, end, { once: true });
    return () => {
      end();
      for (const name of HANDS) window.removeEventListener(name, end);
    };
  }, [propertyId, section, wishes]);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const byHand = () => {
      isByHand.current = true;
    };
    const onScroll = () => {
      if (isByHand.current) place.current = partAtTop(element);
    };
    for (const name of HANDS) element.addEventListener(name, byHand, { passive: true });
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      for (const name of HANDS) element.removeEventListener(name, byHand);
      element.removeEventListener('scroll', onScroll);
    };
  }, [place]);
  return (
    <aside
      ref={box}
      className={styles.drawer}
      aria-label="Detail of the property"
      aria-busy={isPassing || undefined}
      onFocus={({ target }) => {
        hasFocus.current = true;
        const part = nameOfPart(target.closest('section[id]'));
        // A link to a part near the end cannot bring it to the top: the focus tells what is looked at.
        if (target.matches('section') && part !== undefined) {
          place.current = part;
          isByHand.current = false;
        }
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) hasFocus.current = false;
      }}
    >
      <Button className={styles.closeDrawer} size="small" icon={<X size={14} />} onClick={onClose}>
        Close
      </Button>
      <Suspense fallback={<Loading label="Property" lines={10} />}>
        <PropertyPanel propertyId={propertyId} onClose={onClose} />
      </Suspense>
    </aside>
  );
}

/** The last part that begins at or above the top of what scrolls; none while the head of the property is there. */
function partAtTop(box: HTMLElement): string | undefined {
  const top = box.getBoundingClientRect().top + TOP_PX;
  const parts = [...box.querySelectorAll('section[id]')].filter((one) => one.getBoundingClientRect().top <= top);
  return nameOfPart(parts.at(-1) ?? null);
}

function nameOfPart(element: Element | null): string | undefined {
  const start = sectionId('');
  return element?.id.startsWith(start) ? element.id.slice(start.length) : undefined;
}
