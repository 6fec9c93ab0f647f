/**
 * Where the browser fetches a signed link: a file of the API from the page's own origin, whatever address the API knows
 * itself by; any other as it is.
 */
export function pathOfLink(url: string, origin: string): string {
  const { pathname, search, href } = new URL(url, origin);
  return pathname.startsWith('/files/') ? pathname + search : href;
}
