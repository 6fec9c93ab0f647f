import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function OutreachPart({ property }: { property: Property }) {
  return (
    <Section name="outreach" title="Outreach">
      {property.status}
    </Section>
  );
}
