import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function DealPart({ property }: { property: Property }) {
  return (
    <Section name="deal" title="Deal">
      {property.status}
    </Section>
  );
}
