import type { KeyInput, Page } from 'puppeteer';
import { expect } from 'vitest';

/** What has the focus: its name, what it is, and what is wrong with how it looks. */
export interface Focused {
  name: string;
  what: string;
  isBody: boolean;
  fault: string;
}

/** Working a page by keys alone: each step looks at where the focus is, and that it is seen. */
export function keysOf(page: () => Page) {
  /** What has the focus, and what is wrong with how it looks: no mark, or something lies over it. */
  const focused = () => page().evaluate(FOCUSED) as Promise<Focused>;
  const expectSeen = async () => {
    const { what, fault } = await focused();
    expect(fault === '' ? '' : `${what}: ${fault}`).toBe('');
  };
  const walk = async (isBack: boolean, name: RegExp, most: number, selector: string): Promise<void> => {
    const { keyboard } = page();
    const passed: string[] = [];
    for (let count = 0; count < most; count += 1) {
      if (isBack) await keyboard.down('Shift');
      await keyboard.press('Tab');
      if (isBack) await keyboard.up('Shift');
      const at = await focused();
      expect(at.fault === '' ? '' : `${at.what}: ${at.fault}`).toBe('');
      const fits = `document.activeElement.matches(${JSON.stringify(selector)})`;
      if (name.test(at.name) && (await page().evaluate(fits))) return;
      passed.push(at.what);
    }
    throw new Error(`${name} is not reached in ${most} steps: ${passed.join(', ')}`);
  };
  /** Tabs forward until the focus is on what has that name. */
  const tabTo = (name: RegExp, most = 60, selector = '*') => walk(false, name, most, selector);
  return {
    focused,
    expectSeen,
    tabTo,
    /** The same backward. */
    tabBack: (name: RegExp, most = 60, selector = '*') => walk(true, name, most, selector),
    /** Presses a key and looks at where the focus is then. */
    async press(key: KeyInput): Promise<void> {
      await page().keyboard.press(key);
      await expectSeen();
    },
    /** Presses the button that has the focus, and says yes to what it asks. */
    async confirm(yes: RegExp): Promise<void> {
      await page().keyboard.press('Enter');
      await page().waitForSelector('dialog[open]');
      await tabTo(yes, 10, 'dialog[open] button');
      await page().keyboard.press('Enter');
      await page().waitForFunction(`document.querySelector('dialog[open]') === null`);
    },
  };
}

// Two frames on: where less motion is asked for, a change of style still takes a moment.
const FOCUSED = `(async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const one = document.activeElement;
  const labels = [...(one.labels ?? [])].map((label) => label.textContent).join(' ');
  const name = (one.getAttribute('aria-label') || labels || one.textContent || '').trim().slice(0, 80);
  const what = one.tagName.toLowerCase() + ' “' + name.slice(0, 50) + '”';
  // Within a frame the browser shows where it is by what it scrolls.
  if (one.tagName === 'IFRAME') return { name, what, isBody: false, fault: '' };
  if (one === document.body) return { name, what, isBody: true, fault: '' };
  const marked = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  };
  const label = one.closest('label') ?? one.labels?.[0];
  // The mark may be around a field with its icon, or around a chart whose field is not seen.
  const around = [one, label, one.parentElement, one.parentElement.parentElement, one.closest('figure, fieldset')]
    .concat([...document.querySelectorAll(':has(:focus)')].reverse().slice(0, 5))
    .find((part) => part && part.offsetWidth > 3 && marked(part));
  let fault = around ? '' : 'no mark of the focus';
  const box = one.getBoundingClientRect();
  const area = box.width < 3 && around ? around.getBoundingClientRect() : box;
  const seen = [];
  for (const across of [0.1, 0.5, 0.9]) for (const down of [0.1, 0.5, 0.9]) {
    const x = area.left + area.width * across;
    const y = area.top + area.height * down;
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    const top = document.elementFromPoint(x, y);
    if (top && (one.contains(top) || top.contains(one) && !/sticky|fixed/.test(getComputedStyle(top).position) || label?.contains(top) || (box.width < 3 && around?.contains(top)))) seen.push(1);
  }
  if (fault === '' && seen.length === 0) fault = 'hidden at ' + [box.left, box.top, box.width, box.height].map(Math.round).join(' ');
  return { name, what, isBody: false, fault };
})()`;
