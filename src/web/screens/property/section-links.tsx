import { useEffect, useRef, useState } from 'react';
import { goToSection, scrollerOf, sectionId } from './section.tsx';
import styles from './section-links.module.css';

/** Links to the parts of the property below, the one on the screen marked. */
export function SectionLinks({ sections }: { sections: ReadonlyArray<{ name: string; title: string }> }) {
  const current = useCurrentSection(sections.map(({ name }) => name));
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>(`[href="#${sectionId(current ?? '')}"]`);
    // Only sideways, and within the links: the page itself must not move.
    if (link && nav.current)
      nav.current.scrollLeft = link.offsetLeft - nav.current.clientWidth / 2 + link.clientWidth / 2;
  }, [current]);
  return (
    <nav ref={nav} className={styles.links} aria-label="Parts of this property">
      {sections.map(({ name, title }) => (
        <a
          key={name}
          href={`#${sectionId(name)}`}
          aria-current={name === current ? 'true' : undefined}
          onClick={(event) => {
            event.preventDefault();
            goToSection(name);
          }}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** The first of the sections whose beginning is in the upper half of the screen. */
function useCurrentSection(names: readonly string[]): string | undefined {
  const [current, setCurrent] = useState<string>();
  const list = names.join();
  useEffect(() => {
    const visible = new Set<string>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) visible.add(target.id);
          else visible.delete(target.id);
        }
        setCurrent(list.split(',').find((name) => visible.has(sectionId(name))));
      },
      { root: scrollerOf(document.getElementById(sectionId(list.split(',')[0]!))), rootMargin: '-72px 0px -50% 0px' },
    );
    for (const name of list.split(',')) {
      const element = document.getElementById(sectionId(name));
      if (element !== null) observer.observe(element);
    }
    return () => observer.disconnect();
  }, [list]);
  return current;
}
