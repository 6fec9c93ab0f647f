import { useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import type { useRescore } from './use-rescore.ts';
import { type Counting, useSetWeights } from './use-weights.ts';
import { type Changes, changedWords } from './weight-shares.ts';

interface ApplyWeightsProps {
  changes: Changes;
  /** The version of the scores that the changes were tried on. */
  triedOn: string;
  counts: Counting;
  rescore: ReturnType<typeof useRescore>;
  onApplied: () => void;
}

/** What was tried, for good: for the whole organisation, with a way back. */
export function ApplyWeights({ changes, triedOn, counts, rescore, onApplied }: ApplyWeightsProps) {
  const may = useMay();
  const [note, setNote] = useState('');
  const { apply, isBusy } = useSetWeights(counts, rescore);
  if (Object.keys(changes).length === 0) return null;
  const { version } = counts.current;
  return (
    <Card title="To keep these weights">
      <div className="stack">
        <p>
          {changedWords(changes)}. They are for everybody in your organisation: all properties are scored again, and the
          thresholds for memos and outreach look at the new scores. You can go back to former weights at any time.
        </p>
        {may('tenant:update') ? (
          <>
            <TextField
              label="Why (optional)"
              maxLength={500}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
            <p>
              <Button
                variant="primary"
                busy={isBusy}
                disabled={triedOn !== version}
                onClick={() =>
                  apply(changes, note, triedOn, () => {
                    setNote('');
                    onApplied();
                  })
                }
              >
                Apply these weights
              </Button>
            </p>
          </>
        ) : (
          <p className="muted">
            Somebody who may change the organisation can apply them: send them this page’s address.
          </p>
        )}
      </div>
    </Card>
  );
}

interface LaggingProps {
  madeBy: string;
  counts: Counting;
  rescore: ReturnType<typeof useRescore>;
}

/** Says that the scores that are shown were made by other weights than count now. */
export function Lagging({ madeBy, counts, rescore }: LaggingProps) {
  const may = useMay();
  const { version } = counts.current;
  if (madeBy === version) return null;
  return (
    <Card title="Scores of other weights">
      <div className="stack">
        <p role="status">
          The weights {version} count now, and your best property still has its score of the weights {madeBy}. What you
          try here is tried on that; it can be applied when the properties have been scored again.
        </p>
        {may('properties:update') && (
          <p>
            <Button busy={rescore.isStarting} onClick={() => rescore.begin(true)}>
              Score what is outdated
            </Button>
          </p>
        )}
      </div>
    </Card>
  );
}
