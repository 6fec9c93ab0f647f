// Health check of a container: ends with 0 when the address answers with a 2xx within 4 seconds.
// Usage: node deploy/health.mjs http://127.0.0.1:8080/health
try {
  const response = await fetch(process.argv[2], { signal: AbortSignal.timeout(4_000) });
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${process.argv[2]} does not answer: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
