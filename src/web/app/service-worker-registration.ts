/** Installs the service worker, which keeps the dashboard's own files for reading without a connection. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('/service-worker.js').catch((error: unknown) => {
    // Without it everything works but reading offline; the browser's own message says why.
    reportError(error);
  });
}
