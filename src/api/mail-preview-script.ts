/**
 * The one script of the page that shows a message: it takes HTML from the page around it, makes it inert and shows it.
 * The page's policy names this script by its hash, so nothing else can run there. What would leave the page (links,
 * forms, refreshes, frames) is taken out before anything is shown.
 */
export const PREVIEW_SCRIPT = `
(() => {
  'use strict';
  // The page itself has an origin of its own; the one around it is the one that this address belongs to.
  const home = location.origin;
  const DROPPED = 'script, noscript, template, meta, base, link, title, iframe, frame, frameset, object, embed, applet, '
    + 'portal, fencedframe, audio, video, source, track, animate, animateMotion, animateTransform, set, use, foreignObject';
  const ADDRESSES = ['href', 'xlink:href', 'action', 'formaction', 'ping', 'target', 'srcdoc', 'srcset', 'src', 'data',
    'background', 'poster', 'cite', 'longdesc', 'manifest', 'codebase', 'lowsrc', 'dynsrc', 'autofocus', 'http-equiv'];
  let isFitted = false;

  function makeInert(page) {
    for (const element of page.querySelectorAll(DROPPED)) element.remove();
    let hidden = 0;
    for (const element of page.querySelectorAll('*')) {
      const image = element.localName === 'img' ? element.getAttribute('src') : null;
      const link = element.getAttribute('href') ?? element.getAttribute('xlink:href');
      for (const { name } of [...element.attributes]) {
        const low = name.toLowerCase();
        if (low.startsWith('on') || ADDRESSES.includes(low) || low.endsWith(':href')) element.removeAttribute(name);
      }
      if (image !== null) {
        if (/^data:image\\/(png|jpeg|gif|webp|svg\\+xml|bmp)[;,]/i.test(image.trim())) element.setAttribute('src', image);
        else {
          hidden += 1;
          element.setAttribute('data-hidden-image', '');
        }
      }
      if (link !== null) {
        element.setAttribute('data-link', '');
        element.setAttribute('title', link);
      }
    }
    return hidden;
  }

  function show(html) {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const hidden = makeInert(page);
    const look = page.createElement('style');
    look.textContent = ':where(html) { background: #fff; color: #000; color-scheme: light }'
      + ':where([data-link]) { color: #0b4aa2; text-decoration: underline }'
      + '[data-link] { cursor: help }'
      + ':where([data-hidden-image]) { outline: 1px dashed #767676; outline-offset: -1px; color: #444; font: 12px sans-serif }';
    page.head.prepend(look);
    document.documentElement.replaceWith(document.adoptNode(page.documentElement));
    fit();
    new ResizeObserver(measure).observe(document.documentElement);
    parent.postMessage({ kind: 'mail-preview-shown', hidden }, home);
    measure();
  }

  // A printed page is wider than a phone: it is shown smaller, as a whole.
  function fit() {
    const root = document.documentElement;
    root.style.zoom = '1';
    if (isFitted && root.scrollWidth > innerWidth) root.style.zoom = String(innerWidth / root.scrollWidth);
  }

  function measure() {
    const root = document.documentElement;
    const height = Math.ceil(Math.max(root.getBoundingClientRect().height, document.body?.getBoundingClientRect().height ?? 0));
    const zoom = Number(root.style.zoom) || 1;
    const width = Math.ceil((document.body?.getBoundingClientRect().width ?? 0) / zoom);
    parent.postMessage({ kind: 'mail-preview-size', height, width }, home);
  }

  for (const name of ['click', 'auxclick', 'submit', 'dragstart']) {
    addEventListener(name, (event) => event.preventDefault(), true);
  }
  addEventListener('resize', fit);
  addEventListener('message', (event) => {
    if (event.source !== parent || event.origin !== home) return;
    if (event.data?.kind !== 'mail-preview' || typeof event.data.html !== 'string') return;
    isFitted = event.data.isFitted === true;
    show(event.data.html);
  });
  parent.postMessage({ kind: 'mail-preview-ready' }, home);
})();
`;
