import { type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { sourceName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { resourceName } from './costs.ts';

type Budget = Schemas['Budget'];
/** No provider is called so. */
const OTHER = '?';

interface BudgetDialogProps {
  /** The one to change; undefined makes a new one. */
  budget: Budget | undefined;
  onSaved: (budget: Budget) => void;
  onClose: () => void;
}

/** Says how much may be spent on what. */
export function BudgetDialog({ budget, onSaved, onClose }: BudgetDialogProps) {
  const costs = api.useQuery('get', '/api/v1/analytics/costs', { params: { query: { months: 12 } } });
  const [resource, setResource] = useState(budget?.resource ?? '*');
  const [period, setPeriod] = useState<Budget['period']>(budget?.period ?? 'month');
  const [limit, setLimit] = useState(budget === undefined ? '' : String(budget.limit));
  const [isOther, setOther] = useState(false);
  const save = api.useMutation('put', '/api/v1/budgets/{resource}/{period}', { onSuccess: onSaved });
  const amount = Number(limit);
  const isBad = limit.trim() === '' || !Number.isFinite(amount) || amount < 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBad) save.mutate({ params: { path: { resource: resource.trim(), period } }, body: { limit: amount } });
  };
  return (
    <Dialog
      title={budget === undefined ? 'Set a budget' : `Budget for ${resourceName(budget.resource)}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="set-budget" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id="set-budget" className="stack" onSubmit={submit}>
        {budget === undefined && (
          <>
            <SelectField
              label="For"
              value={isOther ? OTHER : resource}
              onChange={({ target }) => {
                setOther(target.value === OTHER);
                setResource(target.value === OTHER ? '' : target.value);
              }}
            >
              <option value="*">Everything together</option>
              {[...new Set(costs.data?.costs.map((one) => one.resource) ?? [])].map((name) => (
                <option key={name} value={name}>
                  {sourceName(name)}
                </option>
              ))}
              <option value={OTHER}>Another provider or channel…</option>
            </SelectField>
            {isOther && (
              <TextField
                label="Provider or channel"
                hint="As the costs name it, such as twilio"
                required
                value={resource}
                onChange={({ target }) => setResource(target.value)}
              />
            )}
            <SelectField
              label="Each"
              value={period}
              onChange={({ target }) => setPeriod(target.value === 'day' ? 'day' : 'month')}
            >
              <option value="month">Month (UTC)</option>
              <option value="day">Day (UTC)</option>
            </SelectField>
          </>
        )}
        <TextField
          label="Limit in US dollars"
          hint="Nothing is bought beyond it; 0 forbids buying. What costs nothing is not counted."
          type="number"
          min={0}
          step="any"
          required
          inputMode="decimal"
          value={limit}
          error={limit !== '' && isBad ? 'It must be a number of dollars, 0 or more.' : undefined}
          onChange={({ target }) => setLimit(target.value)}
        />
        {save.error && (
          <p role="alert" className="error-text">
            {messageOf(save.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
