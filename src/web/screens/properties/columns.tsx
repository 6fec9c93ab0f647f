import { formatDollarsShort, formatPercent } from '../../lib/format.ts';
import { placeOf } from '../../lib/names.ts';
import { inOneLine, readable } from '../../lib/prose.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import type { DataColumn } from '../../ui/data-table.tsx';
import { Freshness, Name, Price, Score, Standing, Value, Width } from './cells.tsx';
import styles from './columns.module.css';
import type { Names } from './filter-words.ts';
import { factsOf, shortFactsOf } from './row-words.ts';
import type { ListRow } from './use-list.ts';

/** Height of a row: of the table, of the narrow list, and on phones, where its figures take two lines. */
export const WIDE_ROW = 56;
export const NARROW_ROW = 100;
export const PHONE_ROW = 122;

/** The columns of the table; the match is shown in searches by meaning alone. */
export function wideColumns(names: Names): DataColumn<ListRow>[] {
  return [
    {
      id: 'property',
      header: 'Property',
      width: 176,
      grow: 2,
      cell: (row) => (
        <>
          <Name row={row} />
          <span className={styles.second}>
            {placeOf(row)} · {names.county(row.county_fips)}
          </span>
        </>
      ),
    },
    {
      id: 'home',
      header: 'Home',
      width: 122,
      cell: (row) => {
        const facts = factsOf(row).split(' · ');
        return (
          <>
            <span>{facts.slice(0, 2).join(' · ') || 'Not recorded'}</span>
            <span className={styles.second}>{facts.slice(2).join(' · ')}</span>
          </>
        );
      },
    },
    {
      id: 'price',
      header: 'Price',
      width: 88,
      align: 'end',
      sortable: 'list_price',
      firstSort: 'falling',
      about: 'What is asked for it; sorting by it leaves out what is not listed',
      cell: (row) => <Price row={row} />,
    },
    {
      id: 'value',
      header: 'Value',
      width: 120,
      align: 'end',
      about: 'Estimated value, with the interval that 80 of 100 sale prices fall in',
      cell: (row) => <Value row={row} />,
    },
    {
      id: 'score',
      header: 'Score',
      width: 194,
      grow: 3,
      sortable: 'bird_dog_score',
      firstSort: 'falling',
      about: 'Score of 100, how sure it is, and the reason that adds most to it',
      cell: (row) => (
        <div className={styles.scored}>
          <Score row={row} />
          <span className={styles.reason} title={row.top_reason === null ? undefined : readable(row.top_reason)}>
            {inOneLineOr(row.top_reason) ?? (row.bird_dog_score === null ? 'Not scored yet' : '')}
          </span>
        </div>
      ),
    },
    {
      id: 'match',
      header: 'Match',
      width: 80,
      align: 'end',
      about: 'How near its description is to what you look for; 100% would be the same words',
      cell: (row) => <span>{formatPercent(row.similarity, 0)}</span>,
    },
    {
      id: 'status',
      header: 'Status',
      width: 150,
      sortable: 'updated_at',
      firstSort: 'falling',
      about: 'Where it stands, and when something of it last changed',
      cell: (row) => <Standing row={row} />,
    },
  ];
}

const inOneLineOr = (reason: string | null) => (reason === null ? null : inOneLine(reason));

/** One column with all of it, for narrow lists and phones. */
export function narrowColumns(names: Names): DataColumn<ListRow>[] {
  return [
    {
      id: 'property',
      header: 'Property',
      width: 240,
      grow: 1,
      cell: (row) => (
        <div className={styles.card}>
          <div className={styles.cardText}>
            <Name row={row} />
            <span className={styles.second}>
              {placeOf(row)} · {names.county(row.county_fips)}
            </span>
            <span className={styles.figures}>
              <span>
                <b>{row.estimated_value === null ? 'No value yet' : formatDollarsShort(row.estimated_value)}</b>
                <Width row={row} />
              </span>
              <span className="muted">
                {row.list_price === null ? 'not listed' : `asks ${formatDollarsShort(row.list_price)}`}
              </span>
              <span className={styles.cardFacts}>{shortFactsOf(row)}</span>
            </span>
            <span className={styles.second} title={row.top_reason === null ? undefined : readable(row.top_reason)}>
              {inOneLineOr(row.top_reason) ?? (row.bird_dog_score === null ? 'Not scored yet' : 'No reason was kept')}
            </span>
          </div>
          <div className={styles.cardEnd}>
            {row.similarity === undefined ? (
              <Score row={row} />
            ) : (
              <span>
                <b>{formatPercent(row.similarity, 0)}</b> match
              </span>
            )}
            <StatusBadge status={row.status} />
            <Freshness row={row} />
          </div>
        </div>
      ),
    },
  ];
}
