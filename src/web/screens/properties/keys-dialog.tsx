import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { LIST_KEYS } from './keys.ts';

/** The keys of the screen. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <Facts facts={LIST_KEYS} />
      <p className="muted small">In the map: arrow keys move it, + and − zoom, 0 shows everything.</p>
    </Dialog>
  );
}
