import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { formatNumber, humanise } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { TextField } from '../../ui/field.tsx';
import { QueryView } from '../../ui/states.tsx';
import { usePropertyAnswer } from './queries.ts';
import styles from './score.module.css';
import { nextTarget } from './score-reasons.ts';
import { Heading } from './section.tsx';

const INPUTS: Readonly<Record<string, string>> = {
  renovation_usd_per_sqft_moderate: 'cost of a moderate renovation',
  selling_cost_share: 'cost of selling',
  holding_months: 'months it is held',
  median_rent: 'rent',
  list_price: 'asking price',
};

/** What was varied, in words: `assumptions.holding_months` is the months it is held. */
function inputName(input: string): string {
  const name = input.replace(/^assumptions\./, '').replace(/[. ]/g, '_');
  return INPUTS[name] ?? humanise(name).toLowerCase();
}

/** The smallest changes that would lift the score to a target that the person names. */
export function WhyNot({ propertyId, score }: { propertyId: string; score: number }) {
  const [text, setText] = useState(String(nextTarget(score)));
  const target = Number(text);
  const isPossible = text.trim() !== '' && target >= 1 && target <= 100;
  const answer = usePropertyAnswer(
    propertyId,
    ['why-not', target],
    () =>
      take(
        client.GET('/api/v1/properties/{id}/score/why-not', {
          params: { path: { id: propertyId }, query: { target } },
        }),
      ),
    { enabled: isPossible, keepsPrevious: true },
  );
  return (
    <div className="stack">
      <Heading depth={2}>What would lift it</Heading>
      <div className={styles.target}>
        <TextField
          label="To a score of"
          type="number"
          min={1}
          max={100}
          step={1}
          value={text}
          error={isPossible ? undefined : 'A number from 1 to 100.'}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {isPossible && (
        <QueryView query={answer} label="What would lift the score" lines={2}>
          {({ already, reached, changes, highest, searched, target: asked }) => (
            <div className="stack" aria-live="polite">
              {already && (
                <p>
                  It already scores {formatNumber(score)}: nothing needs to change for {asked}.
                </p>
              )}
              {!already && reached && changes.length > 0 && (
                <ul className={styles.changes}>
                  {changes.map(({ sentence, score: lifted }) => (
                    <li key={sentence}>
                      <b>{formatNumber(lifted)}</b>
                      <span>{readable(sentence)}</span>
                    </li>
                  ))}
                </ul>
              )}
              {!already && !reached && (
                <p>
                  No change that was tried reaches {asked}.{' '}
                  {highest ? `The most that was found: ${readable(highest.sentence)}` : 'None lifts it at all.'}
                </p>
              )}
              {!already && searched.length > 0 && (
                <p className="muted small">
                  Tried: {searched.map(({ input }) => inputName(input)).join(', ')}. Nothing is stored.
                </p>
              )}
            </div>
          )}
        </QueryView>
      )}
    </div>
  );
}
