import { formatFigure } from '../../../domain/market/figures.ts';
import type { Schemas } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import styles from './market.module.css';

type Evidence = Schemas['DecisionPacket']['evidence'];

/** The numbers behind an issue, each with the question whose answer it is in. */
export function EvidenceList({ evidence }: { evidence: Evidence }) {
  return (
    <section className="stack" aria-label="Evidence">
      <h3>Evidence</h3>
      <ul className={styles.evidence}>
        {evidence.map(({ label, value, unit, tool, input, readings }) => (
          <li key={`${tool}/${label}`}>
            <p className="row spread">
              <span>{label}</span>
              <b className="figures">{formatFigure(value, unit)}</b>
            </p>
            <details>
              <summary className="small">Where this number comes from</summary>
              <div className="stack small">
                <p>
                  Answer of the tool <code>{tool}</code> to
                </p>
                <pre className={styles.code}>{JSON.stringify(input, null, 2)}</pre>
                {readings.map(({ reading, params, rows }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the readings have a fixed order
                  <div key={index}>
                    <p>
                      which read <code>{reading}</code> ({formatCount(rows)} rows) with
                    </p>
                    <pre className={styles.code}>{JSON.stringify(params, null, 2)}</pre>
                  </div>
                ))}
              </div>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
