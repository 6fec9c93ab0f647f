import { useState } from 'react';
import { formatMoment, formatNumber, formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { type Contribution, ContributionChart } from '../../ui/charts/index.ts';
import { EmptyState } from '../../ui/states.tsx';
import type { Property } from './property-query.ts';
import styles from './score.module.css';
import { ScoreHistory } from './score-history.tsx';
import {
  featureName,
  missingPoints,
  type Reason,
  readParts,
  readReasons,
  splitReasons,
  startingPoint,
} from './score-reasons.ts';
import { Heading, Section } from './section.tsx';
import { WhyNot } from './why-not.tsx';

type Score = NonNullable<Property['score']>;

/** Why the score is what it is: reasons in words with their points, what is missing, what would lift it, its past. */
export function ScorePart({ property }: { property: Property }) {
  const { score } = property;
  return (
    <Section
      name="score"
      title="Why this score"
      about={
        score &&
        `Scored ${formatMoment(score.scored_at)} with the market as of ${score.as_of}, weights ${score.weights_version}.`
      }
    >
      {score === null ? (
        <EmptyState title="Not scored yet">
          It is scored once its facts have been gathered. “Ask sources again” above begins that.
        </EmptyState>
      ) : (
        <>
          <Subscores score={score} />
          <Contributions score={score} />
          <Missing score={score} />
          <WhyNot propertyId={property.id} score={score.bird_dog_score} />
          <ScoreHistory propertyId={property.id} />
        </>
      )}
    </Section>
  );
}

function Subscores({ score }: { score: Score }) {
  const figures: Array<[string, string, string]> = [
    ['Investment', formatNumber(score.investment_score), 'of 100: what it could earn'],
    ['Risk', formatNumber(score.risk_score), 'of 100: lower is better'],
    ['Return of a flip', formatPercent(score.roi_estimate, 0), 'on the money put in'],
    ['Confidence', formatPercent(score.confidence, 0), 'how much is known, and how surely'],
  ];
  return (
    <dl className={styles.subscores}>
      {figures.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figures">{value}</dd>
          <dd>{note}</dd>
        </div>
      ))}
    </dl>
  );
}

const SHOWN = 6;

function Contributions({ score }: { score: Score }) {
  const [isWhole, setWhole] = useState(false);
  const reasons = readReasons(score.reasons);
  const { raises, lowers, remarks } = splitReasons(reasons);
  const start = startingPoint(score.bird_dog_score, reasons);
  const shown = isWhole ? raises : raises.slice(0, SHOWN);
  const rest = raises.slice(shown.length);
  const items: Contribution[] = [
    ...shown.map(itemOf),
    ...(rest.length === 0
      ? []
      : [
          {
            label: `${rest.length} smaller reasons`,
            value: rest.reduce((sum, { contribution }) => sum + contribution, 0),
            note: rest.map(({ code }) => featureName(code)).join(', '),
          },
        ]),
    ...lowers.map(itemOf),
  ];
  return (
    <div className="stack">
      <ContributionChart
        label="What moves the score"
        items={items}
        total={score.bird_dog_score}
        totalLabel="Score"
        note={`A property of which nothing is known would score ${formatNumber(start)}; these reasons lead from there to ${formatNumber(score.bird_dog_score)}.`}
        empty="This score has no reasons that move it."
      />
      {raises.length > SHOWN && (
        <div>
          <Button size="small" variant="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show the strongest only' : `Show all ${raises.length + lowers.length} reasons`}
          </Button>
        </div>
      )}
      {remarks.length > 0 && (
        <ul className={styles.remarks}>
          {remarks.map(({ code, label }) => (
            <li key={code}>{label}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function itemOf({ code, label, contribution, sources }: Reason): Contribution {
  return {
    label: featureName(code),
    value: contribution,
    note: sources.length === 0 ? label : `${label} (from ${sources.join(', ')})`,
  };
}

/** Where it leaves the most points. */
function Missing({ score }: { score: Score }) {
  const missing = missingPoints(readParts(score.score_components), 4);
  if (missing.length === 0) return null;
  return (
    <div className="stack">
      <Heading depth={2}>Where points are missing</Heading>
      <ul className={styles.missing}>
        {missing.map(({ name, contribution, possible, missed, isKnown }) => (
          <li key={name}>
            <span className="grow">
              {featureName(name)}
              {!isKnown && <span className="muted"> · not known, counted as ordinary</span>}
            </span>
            <meter min={0} max={possible} value={contribution} aria-label={`${featureName(name)}: points reached`} />
            <span className={`figures ${styles.points}`}>
              {formatNumber(contribution)} of {formatNumber(possible)}
              <span className="visually-hidden">, {formatNumber(missed)} missing</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
