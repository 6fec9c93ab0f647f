import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf } from '../../ui/states.tsx';
import type { BulkFailure } from './bulk.ts';

interface FailuresDialogProps {
  /** What they were not: "tagged". */
  what: string;
  failures: readonly BulkFailure[];
  nameOf: (id: string) => string;
  onClose: () => void;
  onAgain: () => void;
}

const MOST_SHOWN = 100;

/** Which did not work, and why; those can be tried again. */
export function FailuresDialog({ what, failures, nameOf, onClose, onAgain }: FailuresDialogProps) {
  return (
    <Dialog
      title={`Not ${what}: ${failures.length}`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button variant="primary" onClick={onAgain}>
            Try these again
          </Button>
        </>
      }
    >
      <SimpleTable
        label="What failed, and why"
        rows={failures.slice(0, MOST_SHOWN)}
        getRowId={({ id }) => id}
        columns={[
          { id: 'property', header: 'Property', cell: ({ id }) => nameOf(id) },
          { id: 'reason', header: 'Why', cell: ({ error }) => messageOf(error) },
        ]}
      />
      {failures.length > MOST_SHOWN && <p className="muted">And {failures.length - MOST_SHOWN} more.</p>}
      <p className="muted small">They are still selected.</p>
    </Dialog>
  );
}
