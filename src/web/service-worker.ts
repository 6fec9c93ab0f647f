/// <reference lib="webworker" />
import { planOf } from './service-worker-rules.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** Written in by the build: the addresses of the shell, and a name that changes with any of them. */
  REOS_SHELL: { name: string; files: string[] };
};

const { name, files } = self.REOS_SHELL;
const PREFIX = 'reos-shell-';
const CACHE = PREFIX + name;
/** A page is waited for this long before the kept shell takes its place. */
const PAGE_WAIT_MS = 5_000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

// A new version takes over when the last tab of the old one is closed, so that no screen changes under somebody's hands.
self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const plan = planOf(request, self.location.origin);
  if (plan === 'asset') event.respondWith(keptFirst(request));
  if (plan === 'page') event.respondWith(newestFirst(request, '/', PAGE_WAIT_MS));
  if (plan === 'beside') event.respondWith(newestFirst(request, new URL(request.url).pathname, PAGE_WAIT_MS));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: the page and the files beside it have no hash in their names.
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((one) => one.startsWith(PREFIX) && one !== CACHE).map((one) => caches.delete(one)));
  await self.clients.claim();
}

async function keptFirst(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function newestFirst(request: Request, key: string, waitMs: number): Promise<Response> {
  const kept = () => caches.match(key, { ignoreVary: true });
  try {
    const answer = await within(fetch(request), waitMs, async () => (await kept()) !== undefined);
    if (answer.status < 500) return answer;
    return (await kept()) ?? answer;
  } catch (error) {
    const shell = await kept();
    if (shell !== undefined) return shell;
    throw error;
  }
}

/** The answer, or an error after the time, when there is something in its place. */
function within(answer: Promise<Response>, waitMs: number, hasOther: () => Promise<boolean>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const giveUp = async () => {
      if (await hasOther()) reject(new Error('The server is slow.'));
    };
    const timer = setTimeout(() => void giveUp(), waitMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
