import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function FactsPart({ property }: { property: Property }) {
  return (
    <Section name="facts" title="Facts">
      {property.status}
    </Section>
  );
}
