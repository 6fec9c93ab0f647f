import type { ReactNode } from 'react';
import { readable } from '../../lib/prose.ts';
import styles from './markdown.module.css';
import { type Block, type Inline, isFigureColumn, parseMarkdown, plainText } from './markdown.ts';
import { metricName } from './market-words.ts';

/** Markdown as elements of the page: nothing in it can be more than text. */
export function MarkdownView({ text, topLevel = 2 }: { text: string; topLevel?: 2 | 3 }) {
  const blocks = parseMarkdown(text);
  return (
    <div className={styles.text}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text's blocks have a fixed order
        <BlockView key={index} block={block} topLevel={topLevel} label={tableName(blocks, index)} />
      ))}
    </div>
  );
}

/** What a table is called for screen readers: its number, and the heading that it stands under. */
function tableName(blocks: readonly Block[], at: number): string {
  const number = blocks.slice(0, at + 1).filter(({ kind }) => kind === 'table').length;
  const heading = blocks.slice(0, at).findLast((block) => block.kind === 'heading');
  return heading?.kind === 'heading' ? `Table ${number}: ${plainText(heading.parts)}` : `Table ${number}`;
}

function BlockView({ block, topLevel, label }: { block: Block; topLevel: 2 | 3; label: string }) {
  if (block.kind === 'heading') {
    const Heading = `h${Math.min(6, block.level + topLevel - 1)}` as 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
    return <Heading data-level={block.level}>{inline(block.parts)}</Heading>;
  }
  if (block.kind === 'paragraph') return <p>{inline(block.parts)}</p>;
  if (block.kind === 'list') {
    const List = block.isOrdered ? 'ol' : 'ul';
    return (
      <List>
        {block.items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list's items have a fixed order
          <li key={index}>{inline(item)}</li>
        ))}
      </List>
    );
  }
  // A column that says nothing in any row, such as changes since a first briefing, would be a gap.
  const isSaid = (index: number) => index === 0 || block.rows.some((row) => plainText(row[index] ?? []).trim() !== '');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {block.header.map(
              (cell, index) =>
                isSaid(index) && (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns have a fixed order
                  <th key={index} scope="col" className={isFigureColumn(block.rows, index) ? styles.end : undefined}>
                    {inline(cell)}
                  </th>
                ),
            )}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have a fixed order
            <tr key={at}>
              {row.map(
                (cell, index) =>
                  isSaid(index) && (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns have a fixed order
                    <td key={index} className={isFigureColumn(block.rows, index) ? styles.end : undefined}>
                      {inline(cell)}
                    </td>
                  ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function inline(parts: readonly Inline[]): ReactNode[] {
  return parts.map((part, index) => {
    const key = `${index}`;
    if (part.kind === 'text') return <span key={key}>{readable(part.text, metricName)}</span>;
    if (part.kind === 'code') return <code key={key}>{part.text}</code>;
    if (part.kind === 'strong') return <strong key={key}>{inline(part.parts)}</strong>;
    return <em key={key}>{inline(part.parts)}</em>;
  });
}
