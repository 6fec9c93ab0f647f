import { type CheerioAPI, load } from 'cheerio';
import { PartProblem } from './template-tokens.ts';
import { MARK } from './template-view.ts';

/** Where a document is read: in a mail program, or printed as it is. */
export interface HtmlRules {
  /** Images of the web by https; a printed document shows only what is in it (`data:`). */
  allowsWebImages: boolean;
}

const ELEMENTS = new Set(
  (
    'html head title meta style body header footer main section article div span p br hr h1 h2 h3 h4 h5 h6 a img table thead ' +
    'tbody tfoot tr td th caption colgroup col ul ol li dl dt dd b strong i em u s small sub sup blockquote pre code center ' +
    'font bdi abbr address figure figcaption svg g path rect circle ellipse line polyline polygon text tspan defs ' +
    'lineargradient radialgradient stop clippath'
  ).split(' '),
);
/** What an address may begin with, by attribute; every other attribute that loads something is refused. */
const LINK = /^(https?:\/\/|mailto:|tel:|#)/i;
const DATA_IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,/i;
const LOADING = new Set([
  'srcset',
  'poster',
  'action',
  'formaction',
  'xlink:href',
  'srcdoc',
  'data',
  'cite',
  'ping',
  'longdesc',
  'profile',
]);

/**
 * Refuses HTML that could run, load or ask for anything: only elements of layout and text, no event handlers, links by
 * http(s), mailto and tel, images by https (mail) or inside the document, no imports in style sheets.
 * @throws PartProblem naming the element or attribute
 */
export function checkHtml(html: string, rules: HtmlRules): void {
  const $ = load(html);
  for (const node of elementsOf($)) {
    if (!ELEMENTS.has(node.name.toLowerCase())) throw new PartProblem(`<${node.name}> is not allowed`);
    if (node.name === 'style') checkCss($(node).text(), rules);
    for (const [name, value] of Object.entries(node.attribs))
      checkAttribute(node.name, name.toLowerCase(), value, rules);
  }
  for (const comment of html.match(/<!--[\s\S]*?(-->|$)/g) ?? []) {
    const found = /<\s*(script|iframe|object|embed|link|form|base|meta|svg)\b/i.exec(comment);
    if (found !== null) throw new PartProblem(`<${found[1]}> is not allowed, in a comment either`);
  }
}

function checkAttribute(element: string, name: string, value: string, rules: HtmlRules): void {
  const where = `${name} of <${element}>`;
  if (name.startsWith('on')) throw new PartProblem(`the attribute ${where} is not allowed`);
  if (name === 'style') checkCss(value, rules);
  if (LOADING.has(name)) throw new PartProblem(`the attribute ${where} is not allowed`);
  if (name === 'http-equiv' && !/^(x-ua-compatible|content-type)$/i.test(value)) {
    throw new PartProblem(`the attribute ${where} is not allowed as '${value}'`);
  }
  // Browsers take white space and control characters out of an address before they read it.
  const address = value.replace(/[\p{Cc}\s]/gu, '');
  if (name === 'href' && !LINK.test(address)) {
    throw new PartProblem(`the ${where} is no address by http, https, mailto or tel${fieldOf(value)}`, fieldIn(value));
  }
  if (name !== 'src' && name !== 'background') return;
  if (address.includes(MARK)) throw new PartProblem(`the ${where} takes a field${fieldOf(value)}`, fieldIn(value));
  checkImage(address, where, rules);
}

function checkImage(address: string, where: string, rules: HtmlRules): void {
  if (DATA_IMAGE.test(address) || (rules.allowsWebImages && /^https:\/\//i.test(address))) return;
  const allowed = rules.allowsWebImages
    ? 'an image by https or a data: image'
    : 'a data: image, because the print loads nothing';
  throw new PartProblem(`the ${where} must be ${allowed}`);
}

function checkCss(css: string, rules: HtmlRules): void {
  if (css.includes(MARK)) throw new PartProblem(`a style takes a field${fieldOf(css)}`, fieldIn(css));
  const found = /\\|@import|expression\s*\(|javascript:|behavior\s*:|-moz-binding|image-set|@font-face/i.exec(css);
  if (found !== null) throw new PartProblem(`'${found[0]}' is not allowed in a style`);
  for (const [, address = ''] of css.matchAll(/url\(\s*['"]?([^'")]*)/gi))
    checkImage(address.trim(), 'url() in a style', rules);
}

const fieldIn = (value: string): string | null => new RegExp(`${MARK}(\\w+)`).exec(value)?.[1] ?? null;
const fieldOf = (value: string): string => {
  const field = fieldIn(value);
  return field === null ? '' : `: {{${field}}}`;
};

/**
 * Refuses a template in which a value could become more than text: filled with hostile values it must have the very
 * elements and attributes that it has with harmless ones.
 * @throws PartProblem
 */
export function checkPlaces(harmless: string, hostile: string): void {
  const [usual, changed] = [outline(harmless), outline(hostile)];
  const at = changed.findIndex((line, index) => line !== usual[index]);
  if (at === -1 && changed.length === usual.length) return;
  throw new PartProblem(
    `a field stands where its value becomes part of a tag (${(changed[at] ?? 'the end').slice(0, 60)}). Fields may stand in text and in quoted attributes`,
  );
}

function outline(html: string): string[] {
  return elementsOf(load(html)).map((node) => `<${node.name} ${Object.keys(node.attribs).sort().join(' ')}>`);
}

interface ElementFacts {
  name: string;
  attribs: Record<string, string>;
}

const elementsOf = ($: CheerioAPI) =>
  $('*')
    .toArray()
    .filter((node): node is typeof node & ElementFacts => 'attribs' in node);
