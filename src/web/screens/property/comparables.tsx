import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function ComparablesPart({ property }: { property: Property }) {
  return (
    <Section name="comparables" title="Comparables">
      {property.status}
    </Section>
  );
}
