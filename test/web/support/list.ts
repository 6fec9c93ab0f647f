import type { HTTPRequest, Page } from 'puppeteer';

/** Puts the keys on the first row of the list. */
export async function firstRow(page: Page): Promise<void> {
  await page.waitForSelector('[role=grid] [role=row][aria-rowindex="2"]');
  await page.focus('[role=grid]');
  await page.keyboard.press('Home');
}

/** What the address says under a name. */
export function addressParam(page: Page, name: string): Promise<string | null> {
  return page.evaluate(`new URLSearchParams(location.search).get('${name}')`) as Promise<string | null>;
}

/** The paths of the API that are asked while something is done. */
export async function requestsDuring(page: Page, work: () => Promise<void>): Promise<string[]> {
  const asked: string[] = [];
  const note = (request: HTTPRequest) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/')) asked.push(pathname);
  };
  page.on('request', note);
  try {
    await work();
  } finally {
    page.off('request', note);
  }
  return asked;
}

/** Scrolls the detail beside the list by hand until a part of the property is at its top. */
export async function scrollTo(page: Page, part: string): Promise<void> {
  const detail = await page.waitForSelector('aside[aria-label="Detail of the property"]');
  const box = (await detail!.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < 40; turn += 1) {
    const above = (await page.evaluate(
      `document.getElementById('property-${part}').getBoundingClientRect().top - ${box.y}`,
    )) as number;
    if (above > 10 && above < 75) return;
    await page.mouse.wheel({ deltaY: Math.max(-600, Math.min(600, above - 50)) });
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`The part ${part} is not reached by scrolling.`);
}

/** The key is held: fifteen times within half a second, however busy the machine is. */
export const HELD = `(async () => {
  for (let step = 0; step < 15; step += 1) {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }));
    await new Promise((done) => setTimeout(done, 20));
  }
})()`;

/** Points of the first page that are not white. */
export const INK = `(() => {
  const canvas = document.querySelector('#property-memo canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 600) ink += 1;
  return ink;
})()`;
