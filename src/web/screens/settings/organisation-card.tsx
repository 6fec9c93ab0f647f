import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMe } from '../../app/permissions.ts';
import { formatDay, humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Name and time zone. */
export function OrganisationCard({ mayChange }: { mayChange: boolean }) {
  const query = useMe();
  return (
    <Card title="Organisation">
      <QueryView query={query} lines={4}>
        {({ tenant }) => (mayChange ? <Form key={tenant.id} tenant={tenant} /> : <Shown tenant={tenant} />)}
      </QueryView>
    </Card>
  );
}

function factsOf(tenant: Schemas['Tenant']) {
  return [
    ['Short name', tenant.slug],
    ['Plan', humanise(tenant.plan)],
    ['Since', formatDay(tenant.created_at)],
  ] as const;
}

function Shown({ tenant }: { tenant: Schemas['Tenant'] }) {
  return <Facts facts={[['Name', tenant.name], ['Time zone', tenant.time_zone], ...factsOf(tenant)]} />;
}

function Form({ tenant }: { tenant: Schemas['Tenant'] }) {
  const queries = useQueryClient();
  const [name, setName] = useState(tenant.name);
  const [zone, setZone] = useState(tenant.time_zone);
  const listId = useId();
  const renew = () => void queries.invalidateQueries({ queryKey: ['get', '/api/v1/auth/me'] });
  const save = api.useMutation('patch', '/api/v1/tenants/{id}', { onSuccess: renew });
  const params = { path: { id: tenant.id } };
  const isChanged = name.trim() !== tenant.name || zone.trim() !== tenant.time_zone;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const before = { name: tenant.name, time_zone: tenant.time_zone };
    save.mutate(
      { params, body: { name: name.trim(), time_zone: zone.trim() } },
      {
        onSuccess: () =>
          showToast('The organisation is changed.', {
            undo: () => {
              setName(before.name);
              setZone(before.time_zone);
              save.mutate({ params, body: before });
            },
          }),
      },
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label="Name" required maxLength={120} value={name} onChange={({ target }) => setName(target.value)} />
      <TextField
        label="Time zone"
        hint="In which the daily briefing counts its days. Contacts have time zones of their own."
        required
        list={listId}
        value={zone}
        onChange={({ target }) => setZone(target.value)}
      />
      <datalist id={listId}>
        {Intl.supportedValuesOf('timeZone').map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Facts facts={factsOf(tenant)} />
      {save.error && (
        <p role="alert" className="error-text">
          {messageOf(save.error)}
        </p>
      )}
      <div className="row">
        <Button type="submit" variant="primary" disabled={!isChanged} busy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
