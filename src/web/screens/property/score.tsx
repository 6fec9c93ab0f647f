import { useState } from 'react';
import { featureName } from '../../lib/feature-names.ts';
import { formatDay, formatMoment, formatNumber, formatPercent } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { readable } from '../../lib/prose.ts';
import { Button } from '../../ui/button.tsx';
import { ContributionChart } from '../../ui/charts/index.ts';
import { EmptyState } from '../../ui/states.tsx';
import type { Property } from './property-query.ts';
import styles from './score.module.css';
import { ScoreHistory } from './score-history.tsx';
import { missingPoints, type Reason, readParts, readReasons, splitReasons, startingPoint } from './score-reasons.ts';
import { Heading, Section, WhenSeen } from './section.tsx';
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
        `Scored ${formatMoment(score.scored_at)} with the market as of ${formatDay(score.as_of)}, weights ${score.weights_version}.`
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
          <WhenSeen>
            <WhyNot propertyId={property.id} score={score.bird_dog_score} />
          </WhenSeen>
          <WhenSeen>
            <ScoreHistory propertyId={property.id} />
          </WhenSeen>
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

const SHOWN = 5;

function Contributions({ score }: { score: Score }) {
  const [isWhole, setWhole] = useState(false);
  const reasons = readReasons(score.reasons);
  const { raises, lowers, remarks } = splitReasons(reasons);
  const start = startingPoint(score.bird_dog_score, reasons);
  return (
    <>
      <div className="stack">
        <Heading depth={2}>What speaks for it</Heading>
        <Reasons reasons={isWhole ? raises : raises.slice(0, SHOWN)} empty="Nothing that is known lifts this score." />
        {raises.length > SHOWN && (
          <div>
            <Button size="small" variant="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show the strongest only' : `Show ${raises.length - SHOWN} smaller reasons`}
            </Button>
          </div>
        )}
      </div>
      <div className="stack">
        <Heading depth={2}>What lowers it</Heading>
        <Reasons reasons={lowers} empty="Nothing that is known lowers this score." />
      </div>
      {remarks.length > 0 && (
        <ul className={styles.remarks}>
          {remarks.map(({ code, label }) => (
            <li key={code}>{readable(label)}</li>
          ))}
        </ul>
      )}
      <ContributionChart
        label="What moves the score"
        items={[...raises, ...lowers].map(({ code, contribution }) => ({
          label: featureName(code),
          value: contribution,
        }))}
        total={score.bird_dog_score}
        totalLabel="Score"
        note={`A property of which nothing is known would score ${formatNumber(start)}; these reasons lead from there to ${formatNumber(score.bird_dog_score)}.`}
        empty="This score has no reasons that move it."
      />
    </>
  );
}

/** Reasons in words, each with its points and where its figures come from. */
function Reasons({ reasons, empty }: { reasons: readonly Reason[]; empty: string }) {
  if (reasons.length === 0) return <p className="muted">{empty}</p>;
  return (
    <ul className={styles.reasons}>
      {reasons.map(({ code, label, contribution, sources }) => (
        <li key={code} data-sign={contribution < 0 ? 'minus' : 'plus'}>
          <b className="figures">
            {contribution < 0 ? '−' : '+'}
            {formatNumber(Math.abs(contribution))}
            <span className="visually-hidden"> points</span>
          </b>
          <div>
            <p>{readable(label)}</p>
            {sources.length > 0 && <p className="muted small">From {sources.map(sourceName).join(', ')}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
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
