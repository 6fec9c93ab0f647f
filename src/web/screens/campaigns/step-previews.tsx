import { api, type Schemas } from '../../app/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { Loading, messageOf } from '../../ui/states.tsx';
import { MessageView } from './message-parts.tsx';
import type { Campaign } from './outreach-data.ts';
import { channelName } from './words.ts';

type StepPreview = Schemas['CampaignPreview']['steps'][number];
type Step = Campaign['definition']['steps'][number];
type TemplateKind = Schemas['TemplateSummary']['kind'];

/** Each step as its first recipient would see it; with nobody to write to, as an invented one would. */
export function StepPreviews({ campaign, steps }: { campaign: Campaign; steps: readonly StepPreview[] }) {
  if (steps.length > 0) {
    return steps.map((step) => (
      <Card
        key={`${step.step} ${step.variant ?? ''}`}
        title={`Step ${step.step}: ${channelName(step.channel)}${step.variant ? `, variant ${step.variant}` : ''}`}
      >
        {step.problem !== null && <p className="error-text">{step.problem}</p>}
        {step.parts !== null && (
          <MessageView
            parts={step.parts}
            label={`${channelName(step.channel)} of step ${step.step}`}
            isPaper={step.channel === 'mail'}
          />
        )}
      </Card>
    ));
  }
  const own = campaign.definition.steps.map((step, index) => ({ step, number: index + 1 }));
  return own.map(({ step, number }) => (
    <Card
      key={number}
      title={`Step ${number}: ${channelName(step.channel)}`}
      actions={<Badge tone="info">Invented recipient</Badge>}
    >
      <SampleOfStep step={step} audience={campaign.definition.kind} />
    </Card>
  ));
}

function SampleOfStep({ step, audience }: { step: Step; audience: 'investor' | 'owner' }) {
  const templates = api.useQuery('get', '/api/v1/templates');
  const kinds = step.channel === 'mail' ? ['letter', 'postcard'] : [step.channel];
  const found = templates.data?.items.find(({ kind, name }) => kinds.includes(kind) && name === step.template);
  if (templates.data === undefined) return <Loading lines={3} />;
  if (found === undefined) return <p className="error-text">There is no template {step.template} any more.</p>;
  return <Sample kind={found.kind} name={found.name} audience={audience} />;
}

function Sample({ kind, name, audience }: { kind: TemplateKind; name: string; audience: 'investor' | 'owner' }) {
  // A question that is asked by POST, and kept like any other answer.
  const query = api.useQuery('post', '/api/v1/templates/{kind}/{name}/preview', {
    params: { path: { kind, name } },
    body: { audience },
  });
  if (query.data === undefined)
    return query.error ? <p className="error-text">{messageOf(query.error)}</p> : <Loading lines={3} />;
  return (
    <MessageView
      parts={partsOf(query.data.parts)}
      label={`Template ${name}`}
      isPaper={kind === 'letter' || kind === 'postcard'}
    />
  );
}

/** The parts of a filled template by the names that messages have. */
export function partsOf(parts: Readonly<Record<string, string>>) {
  return {
    subject: parts['subject.txt'] ?? parts['subject'],
    html: parts['html'] ?? parts['mjml'] ?? parts['letter.html'],
    text: parts['txt'] ?? parts['text'],
    body: parts['sms.txt'],
    front: parts['front.html'],
    back: parts['back.html'],
  };
}
