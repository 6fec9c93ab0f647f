import type { Page } from 'puppeteer';
import { expect } from 'vitest';

/** Types into the field of that label, in place of what is there. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
  const field = await page.waitForSelector(`::-p-aria([name="${label}"][role="textbox"]), ::-p-aria(${label})`);
  await field!.evaluate((element) => (element as unknown as { select?: () => void }).select?.());
  await field!.click({ count: 3 });
  await field!.type(text);
}

/** Presses the first button or link whose text fits, inside `scope`. */
export async function press(page: Page, text: RegExp, scope = 'body'): Promise<void> {
  await page.waitForFunction(
    `[...document.querySelectorAll('${scope} button, ${scope} a')].some((one) => ${text}.test(one.innerText.trim()) && !one.disabled && one.ariaDisabled !== 'true')`,
  );
  await page.evaluate(
    `[...document.querySelectorAll('${scope} button, ${scope} a')].find((one) => ${text}.test(one.innerText.trim()) && !one.disabled && one.ariaDisabled !== 'true').click()`,
  );
}

/** Waits until the screen says it, without a reload. */
export async function reads(page: Page, words: RegExp, timeout = 20_000): Promise<void> {
  await expect.poll(() => textOf(page, 'body'), { timeout, interval: 200 }).toMatch(words);
}

/** What a part of the page says. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => (element as unknown as { innerText: string }).innerText);
}

/** Waits for an element within a part of the page; when it does not come, the error tells what the part says instead. */
export async function comesInto(page: Page, part: string, selector: string) {
  try {
    return (await page.waitForSelector(`${part} ${selector}`))!;
  } catch (error) {
    const says = await textOf(page, part).catch(() => 'it is not there');
    throw new Error(`${selector} does not come into ${part}, which says: ${says}`, { cause: error });
  }
}
