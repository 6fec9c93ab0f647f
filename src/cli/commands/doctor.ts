import { diagnose } from '../../runtime/doctor.ts';
import { reosHome } from '../../runtime/home.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';

/** `reos doctor`: each part, where it comes from, and what is wrong. */
export const doctor: Verb = {
  localOnly: 'It looks at the parts of this machine: run it there.',
  describe: (command) =>
    command
      .description('Show each part, where it comes from, its version, and what is wrong')
      .addHelpText('after', '\nExample:\n  $ reos doctor --json'),
  async run({ settings, output }) {
    const parts = await diagnose({
      home: reosHome(settings.home),
      env: settings.env,
      databaseUrl: settings.databaseUrl,
      temporalAddress: settings.temporalAddress,
      s3Endpoint: settings.s3 && (settings.s3.endpoint ?? 'https://s3.amazonaws.com'),
    });
    const healthy = parts.every(({ status }) => status === 'ok' || status === 'warn');
    const rows = parts.map(({ part, status, version, source, detail }) => ({ part, status, version, source, detail }));
    const advice = parts.flatMap(({ part, next_step: next }) => (next ? [`${part}: ${next}`] : []));
    output.answer(
      { healthy, parts },
      [
        table(rows, ['part', 'status', 'version', 'source', 'detail']),
        ...(advice.length > 0 ? ['', ...advice] : []),
      ].join('\n'),
    );
    return healthy ? 0 : 3;
  },
};
