import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '../../app/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { messageOf } from '../../ui/states.tsx';
import { uploadFile } from '../upload/upload-file.ts';

const NAME = 'invented-sales.csv';
const COUNTY = 'king-wa';

/** The bundled file of invented sales, imported as any other file would be. */
export function SampleFile({ onUploaded }: { onUploaded: (detail: Schemas['ImportDetail']) => void }) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const take = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const response = await fetch(`/${NAME}`);
      if (!response.ok) throw new Error('The sample file is not there. Build the dashboard again: npm run build');
      const file = new File([await response.blob()], NAME, { type: 'text/csv' });
      onUploaded(
        await uploadFile({ file, county: COUNTY, signal: new AbortController().signal, onProgress: () => undefined }),
      );
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <p>
        <Badge tone="warn">Invented</Badge> 60 made-up sales of houses in King County, Washington. Places are real;
        houses, owners and prices are not. They stay in your organisation, each with the remark “invented”.
      </p>
      <p className="muted">
        They count as 60 new properties of your plan. Public services (Census, flood maps, the assessor) are asked about
        them; where this machine cannot reach those, their answers are simulated, and every simulated value says so.
      </p>
      {error !== undefined && (
        <p role="alert" className="error-text">
          {messageOf(error)}
        </p>
      )}
      <div className="row">
        <Button variant="primary" icon={<FlaskConical size={16} />} busy={isBusy} onClick={() => void take()}>
          {isBusy ? 'Reading the file' : 'Use the invented file'}
        </Button>
        <a href={`/${NAME}`} download>
          Look at it first
        </a>
      </div>
    </div>
  );
}
