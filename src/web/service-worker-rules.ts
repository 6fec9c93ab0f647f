/** What the service worker does with a request. */
export type Plan = 'asset' | 'page' | 'beside' | 'leave';

// Addresses that are never screens, whatever a browser asks for there; the API keeps the same list for its pages.
const NOT_SCREENS = /^\/(api|webhook|files|docs|assets|unsubscribe|interested|mcp|health|openapi\.json)(\/|$)/;

/** Files beside the page that it needs before anything is shown. */
export const BESIDE: ReadonlySet<string> = new Set([
  '/theme.js',
  '/icon.svg',
  '/icon-192.png',
  '/icon-512.png',
  '/icon-maskable-512.png',
  '/manifest.webmanifest',
  '/dashboard.json',
]);

/**
 * How a request is answered. `asset`: its name holds its content's hash, so the kept one is right. `page`: the newest, else
 * the kept shell. `beside`: the newest, else the kept one. `leave`: the browser's own way; nothing of it is kept, above all
 * no answer of the API and no file of a tenant.
 */
export function planOf(request: { method: string; mode: string; url: string }, origin: string): Plan {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin) return 'leave';
  if (url.pathname.startsWith('/assets/')) return 'asset';
  if (BESIDE.has(url.pathname)) return 'beside';
  const isScreen = !NOT_SCREENS.test(url.pathname) && !/\.[^/]+$/.test(url.pathname);
  return request.mode === 'navigate' && isScreen ? 'page' : 'leave';
}
