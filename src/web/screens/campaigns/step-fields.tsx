import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, FlaskConical, Trash2 } from 'lucide-react';
import { newKey } from '../../../sdk/new-key.ts';
import { api } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { CampaignDraft, DraftStep, Problems } from './campaign-draft.ts';
import { usualTemplate } from './campaign-draft.ts';
import styles from './campaigns.module.css';
import variantStyles from './variants.module.css';
import { channelName } from './words.ts';

const CHANNELS = ['email', 'sms', 'mail'] as const;
const KINDS: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  sms: ['sms'],
  mail: ['letter', 'postcard'],
};

/** The template names that a channel can send, those made for the audience first. */
export function useTemplateNames(channel: string, kind: 'investor' | 'owner'): Array<{ kind: string; name: string }> {
  const { data } = api.useQuery('get', '/api/v1/templates');
  const usable = (data?.items ?? []).filter((one) => KINDS[channel]?.includes(one.kind));
  const other = kind === 'owner' ? 'investor-' : 'owner-';
  return usable.filter(({ name }) => !name.startsWith(other));
}

interface StepFieldsProps {
  step: DraftStep;
  index: number;
  count: number;
  kind: CampaignDraft['kind'];
  problems: Problems;
  onChange: (step: DraftStep) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One step: when, by which channel, and what is sent; with variants where two texts are tried against each other. */
export function StepFields({ step, index, count, kind, problems, onChange, onMove, onRemove }: StepFieldsProps) {
  const at = `steps.${index}`;
  const name = `step ${index + 1}`;
  return (
    <li className={styles.step}>
      <div className={styles.stepHead}>
        <span className={styles.number} aria-hidden="true">
          {index + 1}
        </span>
        <h3 className="grow">
          {channelName(step.channel)}
          {index === 0 ? ', as soon as it may leave' : `, ${step.waitDays || '…'} days after the step before`}
        </h3>
        <Button
          size="small"
          variant="quiet"
          icon={<ArrowUp size={14} />}
          aria-label={`Move ${name} up`}
          disabled={index === 0}
          onClick={() => onMove(-1)}
        />
        <Button
          size="small"
          variant="quiet"
          icon={<ArrowDown size={14} />}
          aria-label={`Move ${name} down`}
          disabled={index === count - 1}
          onClick={() => onMove(1)}
        />
        <Button
          size="small"
          variant="quiet"
          icon={<Trash2 size={14} />}
          aria-label={`Remove ${name}`}
          disabled={count === 1}
          onClick={onRemove}
        />
      </div>
      <div className={styles.fields}>
        <SelectField
          label="Channel"
          value={step.channel}
          error={problems[`${at}.channel`]}
          hint={step.channel === 'sms' ? 'Leaves only to people whose consent is on record.' : undefined}
          onChange={({ target }) =>
            onChange({
              ...step,
              channel: target.value,
              template: usualTemplate(kind, target.value, index > 0),
              variants: [],
            })
          }
        >
          {CHANNELS.map((channel) => (
            <option key={channel} value={channel}>
              {channelName(channel)}
            </option>
          ))}
        </SelectField>
        <TemplateField
          label="Template"
          channel={step.channel}
          kind={kind}
          value={step.template}
          error={problems[`${at}.template`]}
          onChange={(template) => onChange({ ...step, template })}
        />
        {index > 0 && (
          <TextField
            label="Days to wait"
            type="number"
            min={0}
            max={365}
            inputMode="numeric"
            value={step.waitDays}
            error={problems[`${at}.wait_days`]}
            hint="After the step before was sent. A reply, an opt-out or an outcome ends the sequence."
            onChange={({ target }) => onChange({ ...step, waitDays: target.value })}
          />
        )}
      </div>
      <Variants step={step} at={at} kind={kind} problems={problems} onChange={onChange} />
    </li>
  );
}

function Variants({
  step,
  at,
  kind,
  problems,
  onChange,
}: Pick<StepFieldsProps, 'step' | 'kind' | 'problems' | 'onChange'> & { at: string }) {
  const change = (key: string, more: Partial<DraftStep['variants'][number]>) =>
    onChange({ ...step, variants: step.variants.map((one) => (one.key === key ? { ...one, ...more } : one)) });
  const add = (...names: string[]) =>
    onChange({
      ...step,
      variants: [
        ...step.variants,
        ...names.map((name) => ({ key: newKey(), name, template: step.template, weight: '1' })),
      ],
    });
  if (step.variants.length === 0) {
    return (
      <div className="row">
        <Button size="small" icon={<FlaskConical size={14} />} onClick={() => add('a', 'b')}>
          Try two texts against each other
        </Button>
        <span className="small muted">Recipients are split by chance; the results are tested for you.</span>
      </div>
    );
  }
  return (
    <fieldset className={variantStyles.variants}>
      <legend>Variants: each recipient gets one, by weight</legend>
      {step.variants.map((variant, index) => (
        <div key={variant.key} className={variantStyles.variant}>
          <TextField
            label="Name"
            value={variant.name}
            error={problems[`${at}.variants.${index}.name`]}
            onChange={({ target }) => change(variant.key, { name: target.value })}
          />
          <TemplateField
            label="Template"
            channel={step.channel}
            kind={kind}
            value={variant.template}
            error={problems[`${at}.variants.${index}.template`]}
            onChange={(template) => change(variant.key, { template })}
          />
          <TextField
            label="Weight"
            type="number"
            min={0.1}
            step="any"
            value={variant.weight}
            error={problems[`${at}.variants.${index}.weight`]}
            onChange={({ target }) => change(variant.key, { weight: target.value })}
          />
          <Button
            variant="quiet"
            icon={<Trash2 size={14} />}
            aria-label={`Remove variant ${variant.name}`}
            onClick={() => onChange({ ...step, variants: step.variants.filter(({ key }) => key !== variant.key) })}
          />
        </div>
      ))}
      {problems[`${at}.variants`] && <p className="error-text small">{problems[`${at}.variants`]}</p>}
      <div className="row">
        <Button size="small" onClick={() => add(String.fromCharCode(97 + (step.variants.length % 26)))}>
          Add a variant
        </Button>
        <Button size="small" variant="quiet" onClick={() => onChange({ ...step, variants: [] })}>
          No variants
        </Button>
      </div>
    </fieldset>
  );
}

function TemplateField({
  label,
  channel,
  kind,
  value,
  error,
  onChange,
}: {
  label: string;
  channel: string;
  kind: CampaignDraft['kind'];
  value: string;
  error: string | undefined;
  onChange: (name: string) => void;
}) {
  const names = useTemplateNames(channel, kind);
  const chosen = names.find(({ name }) => name === value);
  const hint =
    names.length === 0 ? (
      'There is no template of this channel for this audience yet: make one under Settings, Templates.'
    ) : chosen ? (
      <Link to="/settings/templates" search={{ kind: chosen.kind, name: chosen.name } as never} target="_blank">
        Look at it or change it
      </Link>
    ) : undefined;
  return (
    <SelectField
      label={label}
      value={value}
      error={error}
      hint={hint}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">Choose…</option>
      {value !== '' && chosen === undefined && <option value={value}>{value}</option>}
      {names.map(({ kind: made, name }) => (
        <option key={`${made} ${name}`} value={name}>
          {made === 'letter' || made === 'postcard' ? `${name} (${made})` : name}
        </option>
      ))}
    </SelectField>
  );
}
