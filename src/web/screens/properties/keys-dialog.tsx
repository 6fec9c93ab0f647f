import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';

const KEYS = [
  ['j or ↓', 'Next property'],
  ['k or ↑', 'Property before'],
  ['Enter', 'Open its detail beside the list'],
  ['Escape', 'Close the detail'],
  ['x or Space', 'Select it; with Shift, all up to it'],
  ['e', 'Ask its data sources again'],
  ['m', 'Its memo'],
  ['s', 'Search within the list'],
  ['/', 'Search everywhere'],
  ['v', 'List, map, or both'],
  ['?', 'These keys'],
] as const;

/** The keys of the screen. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <Facts facts={KEYS.map(([key, what]) => [key, what] as const)} />
      <p className="muted small">In the map: arrow keys move it, + and − zoom, 0 shows everything.</p>
    </Dialog>
  );
}
