import type { Property } from './property-query.ts';
import { Section } from './section.tsx';

export function MemoPart({ property }: { property: Property }) {
  return (
    <Section name="memo" title="Memo">
      {property.status}
    </Section>
  );
}
