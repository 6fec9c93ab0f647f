import { formatCount, formatMoment, humanise } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { Card, Facts } from '../../ui/page.tsx';
import styles from './campaigns.module.css';
import type { Campaign } from './outreach-data.ts';
import { channelName, windowText } from './words.ts';

/** What the campaign says, as it is stored. */
export function DefinitionTab({ campaign }: { campaign: Campaign }) {
  const { audience, sender, steps, throttle, call_to_action: link, ...definition } = campaign.definition;
  const any = (list: readonly string[] | undefined, nothing: string) => (list?.length ? list.join('; ') : nothing);
  return (
    <div className={styles.definition}>
      <Card title="Audience">
        <Facts
          facts={[
            ['Recipients', definition.kind === 'investor' ? 'Investors and partners, by their buy boxes' : 'Owners'],
            ['Score', `${audience.min_score} and up`],
            ['Counties', any(audience.counties?.map(countyName), 'Every county')],
            ['Types', any(audience.property_types?.map(humanise), 'Any')],
            ['Tags of properties', any(audience.tags, 'Any')],
            ['Tags of contacts', any(audience.contact_tags, 'Any')],
            ['Approval', definition.needs_approval ? 'By a person' : 'Not asked for'],
          ]}
        />
      </Card>
      <Card title="Steps">
        <Facts
          facts={steps.map((step, index) => [
            `${index + 1}. ${channelName(step.channel)}`,
            [
              step.variants.length === 0
                ? step.template
                : step.variants
                    .map(({ name, template, weight }) => `${name}: ${template} (weight ${weight})`)
                    .join('; '),
              index === 0 ? 'at once' : `${step.wait_days ?? 0} days after the step before`,
            ].join(', '),
          ])}
        />
      </Card>
      <Card title="Sender">
        <Facts
          facts={[
            ['Name', sender.name],
            ['E-mail', sender.email],
            ['Answers go to', sender.reply_to ?? 'This system where it reads answers, else the sender'],
            ['Phone', sender.phone ?? 'None given'],
            ['Postal address', definition.postal_address],
            ['Button', link ? `${link.label}: ${link.url}` : 'To this system’s page for who is interested'],
          ]}
        />
      </Card>
      <Card title="Pace">
        <Facts
          facts={[
            ['Hours', windowText(definition.send_window)],
            ['In a day', `${formatCount(definition.max_per_run)} messages at most`],
            ['To one person', `${formatCount(definition.weekly_cap_per_recipient)} in 7 days at most`],
            ['Offered again', `After ${formatCount(definition.dedupe_days)} days`],
            ['Waits for answers', `${definition.wait_days} days`],
            [
              'To one mail domain',
              throttle?.per_domain_per_hour ? `${formatCount(throttle.per_domain_per_hour)} an hour` : 'No limit',
            ],
            [
              'Warm-up',
              throttle?.warm_up
                ? `${throttle.warm_up.start_per_day} on the first day, ${throttle.warm_up.growth} times as many each day after`
                : 'None',
            ],
            ['Made', formatMoment(campaign.created_at)],
          ]}
        />
      </Card>
    </div>
  );
}
