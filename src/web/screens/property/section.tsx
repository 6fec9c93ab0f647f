import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import styles from './section.module.css';

const Level = createContext(1);

/** Sets the level of the property's own heading: 1 on its page, 2 beside a list. */
export function HeadingLevel({ level, children }: { level: 1 | 2; children: ReactNode }) {
  return <Level value={level}>{children}</Level>;
}

/** A heading `depth` below that of the property. */
export function Heading({ depth, id, children }: { depth: 0 | 1 | 2; id?: string; children: ReactNode }) {
  const Tag = `h${useContext(Level) + depth}` as 'h1' | 'h2' | 'h3' | 'h4';
  return (
    <Tag id={id} className={depth === 2 ? styles.minor : undefined}>
      {children}
    </Tag>
  );
}

/** The id in the page of a section. */
export function sectionId(name: string): string {
  return `property-${name}`;
}

/**
 * A part of a property with a heading. What is in it is made (and asks the API) once it comes near the screen, and
 * stays from then on.
 */
export function Section({
  name,
  title,
  about,
  actions,
  isWide,
  children,
}: {
  name: string;
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  isWide?: boolean;
  children: ReactNode;
}) {
  const ref = useRef<HTMLElement>(null);
  const [isSeen, see] = useSeen(ref);
  return (
    <section
      ref={ref}
      id={sectionId(name)}
      className={styles.section}
      data-wide={isWide || undefined}
      aria-labelledby={`${sectionId(name)}-title`}
      tabIndex={-1}
      // Whoever goes to it by its link wants it, even where parts above still push it away.
      onFocus={see}
    >
      <header className={styles.header}>
        <div className="grow">
          <Heading depth={1} id={`${sectionId(name)}-title`}>
            {title}
          </Heading>
          {about && <p className="muted small">{about}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      <div className={styles.body}>{isSeen ? children : <div className={styles.unseen} />}</div>
    </section>
  );
}

/** What is in it is made (and asks the API) once its place is on the screen, and stays from then on. */
export function WhenSeen({ className, children }: { className?: string | undefined; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const [isSeen] = useSeen(ref);
  return (
    <div ref={ref} className={className} data-unseen={!isSeen || undefined}>
      {isSeen && children}
    </div>
  );
}

/** What scrolls the element; null for the page itself. */
export function scrollerOf(element: Element | null): Element | null {
  for (let at = element?.parentElement ?? null; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

/** How tall the links are that stick to the top of a property, with a little room. */
const LINKS_PX = 52;

// What lies under the links that stick to the top is not seen; what comes next is made a little before.
const NEAR = '-56px 0px 120px 0px';

/** Whether the element has been near the screen, and a way to say so. */
function useSeen(ref: { current: HTMLElement | null }): [boolean, () => void] {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || isSeen) return;
    const observer = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && setSeen(true), {
      root: scrollerOf(element),
      rootMargin: NEAR,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, isSeen]);
  return [isSeen, () => setSeen(true)];
}

/** Goes to a section and, unless the keys are elsewhere, puts the focus there. */
export function goToSection(name: string, takesFocus = true): void {
  const element = document.getElementById(sectionId(name));
  if (element === null) return;
  const scroller = scrollerOf(element);
  if (scroller === null) element.scrollIntoView({ block: 'start', behavior: 'instant' });
  // Only what it lies in moves, not the page around that.
  else scroller.scrollTop += element.getBoundingClientRect().top - scroller.getBoundingClientRect().top - LINKS_PX;
  if (takesFocus) element.focus({ preventScroll: true });
}
