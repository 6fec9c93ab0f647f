import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function TimelinePart({ property }: { property: Property }) {
  return (
    <Section name="timeline" title="Timeline">
      {property.status}
    </Section>
  );
}
