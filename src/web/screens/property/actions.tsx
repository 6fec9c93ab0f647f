import { CirclePause, CirclePlay, FileText, Flag, Gauge, RefreshCw, Send, ShieldOff } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { ApproveDialog, EnrichDialog, OutcomeDialog, SuppressDialog } from './action-dialogs.tsx';
import { Menu, MenuItem } from './menu.tsx';
import { type ActionName, actionsFor, NEEDS } from './next-action.ts';
import { useOrders } from './orders.ts';
import type { Property } from './property-query.ts';

const WORDS: Record<ActionName, { text: string; note: string; icon: ReactNode }> = {
  approve: {
    text: 'Approve outreach',
    note: 'A campaign may write about this property',
    icon: <Send size={16} aria-hidden="true" />,
  },
  resume: { text: 'Resume', note: 'Goes on where it stood', icon: <CirclePlay size={16} aria-hidden="true" /> },
  pause: {
    text: 'Pause',
    note: 'No further step until it is resumed',
    icon: <CirclePause size={16} aria-hidden="true" />,
  },
  're-enrich': {
    text: 'Ask sources again',
    note: 'Then scores with what they say',
    icon: <RefreshCw size={16} aria-hidden="true" />,
  },
  're-score': {
    text: 'Score again',
    note: 'With today’s facts, sales and weights',
    icon: <Gauge size={16} aria-hidden="true" />,
  },
  're-memo': {
    text: 'Make the memo again',
    note: 'From the newest score; the present one is kept',
    icon: <FileText size={16} aria-hidden="true" />,
  },
  outcome: {
    text: 'Record outcome',
    note: 'How the deal ended; closes it',
    icon: <Flag size={16} aria-hidden="true" />,
  },
  suppress: { text: 'Suppress', note: 'Leave it alone from now on', icon: <ShieldOff size={16} aria-hidden="true" /> },
};

/** What can be done with the property: the next step as the first button, the rest beside it and in a menu. */
export function Actions({ property }: { property: Property }) {
  const may = useMay();
  const { busy, give } = useOrders(property.id);
  const [open, setOpen] = useState<ActionName | null>(null);
  const possible = actionsFor(property).filter((name) => may(NEEDS[name]));
  if (possible.length === 0) return null;
  const begin = (name: ActionName) => {
    if (name === 'pause' || name === 'resume' || name === 're-score' || name === 're-memo') void give(name);
    else setOpen(name);
  };
  const close = () => setOpen(null);
  const shown = possible.slice(0, 2);
  const rest = possible.slice(2);
  return (
    <div className="row">
      {shown.map((name, index) => (
        <Button
          key={name}
          size="small"
          variant={index === 0 ? 'primary' : 'secondary'}
          icon={WORDS[name].icon}
          busy={busy === name}
          title={WORDS[name].note}
          onClick={() => begin(name)}
        >
          {WORDS[name].text}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu text="More">
          {(closeMenu) =>
            rest.map((name) => (
              <MenuItem
                key={name}
                {...WORDS[name]}
                isDangerous={name === 'suppress'}
                onSelect={() => {
                  closeMenu();
                  begin(name);
                }}
              />
            ))
          }
        </Menu>
      )}
      {open === 'approve' && <ApproveDialog property={property} onClose={close} />}
      {open === 're-enrich' && <EnrichDialog onConfirm={() => give('re-enrich')} onClose={close} />}
      {open === 'outcome' && <OutcomeDialog property={property} onClose={close} />}
      {open === 'suppress' && <SuppressDialog property={property} onClose={close} />}
    </div>
  );
}
