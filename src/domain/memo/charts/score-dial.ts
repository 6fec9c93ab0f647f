import { formatNumber, isNumber } from '../format.ts';
import { at, chart, clamp, label } from './svg.ts';

const SIZE = 112;
const CENTRE = SIZE / 2;
const RADIUS = 46;
/** The ring leaves a quarter open at the bottom. */
const SWEEP = 270;

/** The score from 0 to 100 as a ring that fills up. An unscored property has an empty ring and a dash. */
export function drawScoreDial(score: number | null, word: string): string {
  const value = isNumber(score) ? clamp(score, 0, 100) : null;
  const text = formatNumber(value) ?? '\u2013';
  const description = value === null ? 'Not scored.' : `${text} of 100: ${word}.`;
  return chart(SIZE, SIZE, { title: 'Score', description }, [
    `<path d="${arc(100)}" class="c-dial-track"/>`,
    ...(value === null || value < 0.5 ? [] : [`<path d="${arc(value)}" class="c-dial"/>`]),
    label(CENTRE, CENTRE + 11, text, { anchor: 'middle', className: 'c-dial-value' }),
    label(CENTRE, CENTRE + 27, 'of 100', { anchor: 'middle', className: 'c-dial-of' }),
  ]);
}

function arc(score: number): string {
  const end = (SWEEP * score) / 100;
  const point = (degrees: number): string => {
    const turn = ((degrees + 135) * Math.PI) / 180;
    return `${at(CENTRE + RADIUS * Math.cos(turn))} ${at(CENTRE + RADIUS * Math.sin(turn))}`;
  };
  return `M${point(0)} A${RADIUS} ${RADIUS} 0 ${end > 180 ? 1 : 0} 1 ${point(end)}`;
}
