import { useMay } from '../../app/permissions.ts';
import { QueryView } from '../../ui/states.tsx';
import { ComparablesPart } from './comparables.tsx';
import { DealPart } from './deal.tsx';
import { FactsPart } from './facts.tsx';
import { PropertyHeader } from './header.tsx';
import { MemoPart } from './memo.tsx';
import { OutreachPart } from './outreach.tsx';
import styles from './parts.module.css';
import { nameOfProperty, useProperty } from './property-query.ts';
import { useLiveProperty } from './queries.ts';
import { ScorePart } from './score.tsx';
import { HeadingLevel } from './section.tsx';
import { SectionLinks } from './section-links.tsx';
import { SimilarPart } from './similar.tsx';
import { TimelinePart } from './timeline.tsx';
import { ValuationPart } from './valuation.tsx';

const SECTIONS = [
  ['score', 'Score'],
  ['valuation', 'Value'],
  ['comparables', 'Comparables'],
  ['deal', 'Deal'],
  ['facts', 'Facts'],
  ['memo', 'Memo', 'memos:read'],
  ['outreach', 'Outreach', 'outreach:read'],
  ['timeline', 'Timeline', 'timeline:read'],
  ['similar', 'Similar'],
] as const;

/** Everything that is known of a property, part after part; each part loads by itself. */
export function PropertyParts({ propertyId, onClose }: { propertyId: string; onClose?: () => void }) {
  const property = useProperty(propertyId);
  const may = useMay();
  useLiveProperty(propertyId);
  const shown = SECTIONS.filter(([, , needs]) => needs === undefined || may(needs));
  const has = (name: string) => shown.some(([one]) => one === name);
  return (
    <HeadingLevel level={onClose === undefined ? 1 : 2}>
      <QueryView query={property} label="Property" lines={10}>
        {(data) => (
          <article className={styles.parts} aria-label={nameOfProperty(data)}>
            <PropertyHeader property={data} onClose={onClose} />
            <SectionLinks sections={shown.map(([name, title]) => ({ name, title }))} />
            <div className={styles.columns}>
              <div className={styles.column}>
                <ScorePart property={data} />
                <ValuationPart property={data} />
                <ComparablesPart property={data} />
                <DealPart property={data} />
              </div>
              <div className={styles.column}>
                <FactsPart property={data} />
                {has('memo') && <MemoPart property={data} />}
                {has('outreach') && <OutreachPart property={data} />}
                {has('timeline') && <TimelinePart property={data} />}
                <SimilarPart property={data} />
              </div>
            </div>
          </article>
        )}
      </QueryView>
    </HeadingLevel>
  );
}
