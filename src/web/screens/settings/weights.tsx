import { useNavigate, useSearch } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useDeferredValue } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { featureName } from '../../lib/feature-names.ts';
import { formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, NoPermission, QueryView } from '../../ui/states.tsx';
import { ApplyWeights, Lagging } from './apply-weights.tsx';
import { Rescore } from './rescore.tsx';
import { SettingsPage } from './settings-page.tsx';
import { useRescore } from './use-rescore.ts';
import { WeightHistory } from './weight-history.tsx';
import { type Changes, changesOf, changesText, type Share, sharesOf, withChange } from './weight-shares.ts';
import styles from './weights.module.css';
import { WhatIf } from './what-if.tsx';

/** What the score is made of, and how the present ranking would look under other weights. */
export function WeightsScreen() {
  const may = useMay();
  if (!may('properties:read')) {
    return (
      <SettingsPage title="Weights">
        <NoPermission what="the weights of the score" needs="properties:read" />
      </SettingsPage>
    );
  }
  return (
    <SettingsPage title="Weights" about="What the score is made of, and what other weights would do to your ranking.">
      <Weights />
    </SettingsPage>
  );
}

function Weights() {
  const best = api.useQuery('get', '/api/v1/properties', { params: { query: { limit: 1, sort: '-bird_dog_score' } } });
  return (
    <QueryView
      query={best}
      label="Loading the weights"
      lines={8}
      isEmpty={({ items }) => items[0]?.bird_dog_score == null}
      empty={
        <EmptyState title="No property has a score yet">
          The weights can be tried out as soon as one has. Upload a file, or follow the guided start.
        </EmptyState>
      }
    >
      {({ items }) => <OfBest propertyId={items[0]!.id} />}
    </QueryView>
  );
}

function OfBest({ propertyId }: { propertyId: string }) {
  const query = api.useQuery('get', '/api/v1/properties/{id}', { params: { path: { id: propertyId } } });
  const { w } = useSearch({ strict: false }) as { w?: unknown };
  const navigate = useNavigate();
  const counts = api.useQuery('get', '/api/v1/scoring/weights');
  const rescore = useRescore();
  return (
    <QueryView query={query} label="Loading the weights" lines={8}>
      {({ score }) => {
        const version = score?.weights_version ?? '';
        const shares = sharesOf(score?.score_components);
        const changes = changesOf(w, new Set(shares.map(({ name }) => name)));
        const change = (next: Changes) => {
          const text = changesText(next);
          void navigate({ to: '.', search: (text === '' ? {} : { w: text }) as never, replace: true });
        };
        return (
          <>
            {counts.data && <Lagging madeBy={version} counts={counts.data} rescore={rescore} />}
            <div className={styles.split}>
              <Sliders shares={shares} changes={changes} onChange={change} version={version} />
              <Tried changes={changes} />
            </div>
            {counts.data && (
              <ApplyWeights
                changes={changes}
                triedOn={version}
                counts={counts.data}
                rescore={rescore}
                onApplied={() => change({})}
              />
            )}
            <Rescore rescore={rescore} />
            {counts.data && <WeightHistory counts={counts.data} rescore={rescore} />}
          </>
        );
      }}
    </QueryView>
  );
}

/** The ranking follows the sliders when there is time for it. */
function Tried({ changes }: { changes: Changes }) {
  return <WhatIf changes={useDeferredValue(changes)} />;
}

interface SlidersProps {
  shares: readonly Share[];
  changes: Changes;
  onChange: (changes: Changes) => void;
  version: string;
}

function Sliders({ shares, changes, onChange, version }: SlidersProps) {
  const isChanged = Object.keys(changes).length > 0;
  return (
    <Card
      title="Share of each feature"
      actions={
        isChanged && (
          <Button size="small" icon={<RotateCcw size={14} />} onClick={() => onChange({})}>
            As it is now
          </Button>
        )
      }
    >
      <div className="stack">
        <p className="small muted">
          Present shares are those of your best property (weights of version {version}). Properties that are for sale
          are weighed a little differently; a share that you set here counts for both. Together they are brought to 100%
          again.
        </p>
        <ul className={styles.sliders}>
          {shares.map((one) => (
            <Slider
              key={one.name}
              share={one}
              value={changes[one.name] ?? one.share}
              isChanged={one.name in changes}
              onChange={(weight) => onChange(withChange(changes, one, weight))}
            />
          ))}
        </ul>
      </div>
    </Card>
  );
}

interface SliderProps {
  share: Share;
  value: number;
  isChanged: boolean;
  onChange: (weight: number) => void;
}

function Slider({ share, value, isChanged, onChange }: SliderProps) {
  const name = featureName(share.name);
  return (
    <li className={styles.slider} data-changed={isChanged || undefined}>
      <span className={styles.name}>{name}</span>
      <input
        type="range"
        min={0}
        max={60}
        step={0.5}
        value={Math.round(value * 1_000) / 10}
        aria-label={`Share of ${name}`}
        aria-valuetext={formatPercent(value)}
        onChange={({ target }) => onChange(Number(target.value) / 100)}
      />
      <input
        type="number"
        min={0}
        max={100}
        step={0.5}
        value={Math.round(value * 1_000) / 10}
        aria-label={`Share of ${name} in percent`}
        onChange={({ target }) => onChange(Number(target.value) / 100)}
      />
      <span className="small muted figures">{isChanged ? `now ${formatPercent(share.share)}` : '%'}</span>
    </li>
  );
}
