import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function ValuationPart({ property }: { property: Property }) {
  return (
    <Section name="valuation" title="Value">
      {property.status}
    </Section>
  );
}
