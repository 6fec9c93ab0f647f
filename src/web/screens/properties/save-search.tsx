import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { CheckboxField, SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { ALERTS } from './saved-searches.tsx';
import { type ListState, savedFilter } from './search-params.ts';

type SavedSearch = Schemas['SavedSearch'];

interface SaveSearchProps {
  state: ListState;
  /** The filter in words: a name to begin with. */
  words: string;
  onSaved: (search: SavedSearch) => void;
  onClose: () => void;
}

/** Keeps the filter under a name, with an alert when properties come to fit. */
export function SaveSearchDialog({ state, words, onSaved, onClose }: SaveSearchProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(words.slice(0, 100));
  const [alert, setAlert] = useState<SavedSearch['alert']>('off');
  const [isShared, setShared] = useState(false);
  const [isMailed, setMailed] = useState(false);
  const save = api.useMutation('post', '/api/v1/saved-searches', {
    onSuccess: async (search) => {
      await queries.invalidateQueries({ queryKey: ['get', '/api/v1/saved-searches'] });
      onSaved(search);
    },
  });
  return (
    <Dialog title="Save search" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') return;
          save.mutate({
            body: {
              name: name.trim(),
              filter: savedFilter(state),
              alert,
              shared: isShared,
              email: alert !== 'off' && isMailed,
            },
          });
        }}
      >
        <p className="muted">{words}</p>
        {state.meaning && (
          <p className="muted small">What you look for by meaning is kept, too. An alert goes by the filters alone.</p>
        )}
        <TextField
          label="Name"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Alert"
          hint="When a property comes to fit, or the price or score of one that fits changes."
          value={alert}
          onChange={(event) => setAlert(event.target.value as SavedSearch['alert'])}
        >
          {ALERTS.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
        {alert !== 'off' && (
          <CheckboxField
            label="By e-mail, too"
            checked={isMailed}
            onChange={(event) => setMailed(event.target.checked)}
          />
        )}
        <CheckboxField
          label="Share with everybody in the organisation"
          checked={isShared}
          onChange={(event) => setShared(event.target.checked)}
        />
        {save.error && (
          <p role="alert" className="error-text">
            {messageOf(save.error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
