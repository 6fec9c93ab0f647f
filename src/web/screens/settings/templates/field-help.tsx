import { Card } from '../../../ui/page.tsx';
import { TEMPLATE_FIELDS } from './template-parts.ts';
import styles from './templates.module.css';

/** The fields that a text may use, and how. */
export function FieldHelp() {
  return (
    <Card>
      <details>
        <summary>Fields you can write</summary>
        <p className="small muted">
          A field stands in two braces and is filled for each recipient. A field without a value stops the message,
          unless it stands in a block: <code>{'{{#senderPhone}}Call {{senderPhone}}.{{/senderPhone}}'}</code>. Facts
          about the house: <code>{'{{#facts}}{{label}}: {{value}}{{/facts}}'}</code>.
        </p>
        <dl className={styles.fields}>
          {TEMPLATE_FIELDS.map(({ field, about, forInvestors }) => (
            <div key={field}>
              <dt>
                <code>{`{{${field}}}`}</code>
              </dt>
              <dd className="small muted">
                {about}
                {forInvestors && '; to investors alone'}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}
