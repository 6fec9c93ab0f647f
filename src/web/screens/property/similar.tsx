import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function SimilarPart({ property }: { property: Property }) {
  return (
    <Section name="similar" title="Similar">
      {property.status}
    </Section>
  );
}
