import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { formatDay } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { FACT_GROUPS, sortFacts } from './fact-list.ts';
import styles from './facts.module.css';
import type { Property } from './property-query.ts';
import { ageOf, commonProvenance, isSameOrigin, otherValues, type Provenance, readProvenance } from './provenance.ts';
import { usePropertyAnswer } from './queries.ts';
import { Heading, Section } from './section.tsx';
import { Sourced } from './sourced.tsx';

/** What is known of the property, each value with where it came from. */
export function FactsPart({ property }: { property: Property }) {
  return (
    <Section
      name="facts"
      title="Facts"
      about="Point at a value, or focus it, to see where it came from and how old it is."
    >
      <Facts property={property} />
    </Section>
  );
}

function Facts({ property }: { property: Property }) {
  const { data } = usePropertyAnswer(property.id, ['enrichments'], () =>
    take(client.GET('/api/enrichment/properties/{id}', { params: { path: { id: property.id } } })),
  );
  const sources = readProvenance(property.field_sources);
  const others = otherValues(data?.enrichments ?? [], sources);
  const simulated = [...sources.values()].filter((one) => one.simulated).length;
  return (
    <>
      {FACT_GROUPS.map(({ title, facts }) => {
        const { known, unknown } = sortFacts(facts, property);
        const common = commonProvenance(known.map(({ field }) => sources.get(field)));
        return (
          <div key={title} className={styles.group}>
            <div>
              <Heading depth={2}>{title}</Heading>
              {common && <Origin of={common} />}
            </div>
            <dl className={styles.facts}>
              {known.map(({ field, name, format }) => {
                const provenance = sources.get(field);
                return (
                  <div key={field}>
                    <dt>{name}</dt>
                    <dd className="figures">
                      <Sourced
                        provenance={provenance}
                        others={others.get(field) ?? []}
                        formatOther={format}
                        isMarked={common === null || provenance === undefined || !isSameOrigin(common, provenance)}
                      >
                        {format(property[field])}
                      </Sourced>
                    </dd>
                  </div>
                );
              })}
            </dl>
            {unknown.length > 0 && <p className="muted small">Not known: {unknown.join(', ')}.</p>}
          </div>
        );
      })}
      <Description property={property} />
      <p className="muted small">
        {sources.size} values from {new Set([...sources.values()].map(({ source }) => source)).size} sources
        {simulated > 0 &&
          `; ${simulated} of them were made up by an offline simulator and are no facts about this house`}
        .
      </p>
    </>
  );
}

/** Where most values of a group came from, said once for all of them. */
function Origin({ of }: { of: Provenance }) {
  const { source, asOf, fetchedAt, simulated } = of;
  return (
    <p className="muted small">
      {simulated
        ? `Made up by the simulator of ${sourceName(source)} unless marked`
        : `From ${sourceName(source)} unless marked`}
      {asOf ? `: tells of ${formatDay(asOf)}, ${ageOf(of, Date.now())}.` : `, fetched ${formatDay(fetchedAt)}.`}
    </p>
  );
}

/** The listing's own words: text from outside, shown as text. */
function Description({ property }: { property: Property }) {
  const url = safeLink(property.listing_url);
  if (property.public_remarks === null && url === null) return null;
  return (
    <div className={styles.group}>
      <Heading depth={2}>The listing’s words</Heading>
      {property.public_remarks && <p className={styles.remarks}>{property.public_remarks}</p>}
      {url && (
        <p>
          <a href={url} target="_blank" rel="noreferrer noopener">
            Open the listing (another site)
          </a>
        </p>
      )}
    </div>
  );
}

function safeLink(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
