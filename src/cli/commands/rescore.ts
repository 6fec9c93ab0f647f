import { setTimeout as sleep } from 'node:timers/promises';
import { startRescore } from '../../client/rescore.ts';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { EitherVerb } from '../main.ts';

/** `reos rescore`: scores everything again, by its workflow. */
export const rescore: EitherVerb = {
  describe: (command) =>
    command
      .description('Score all properties again, or those whose score is outdated')
      .option('--county <slug>', 'one county')
      .option('--outdated', 'only what other weights, an older model, older facts or fewer sales made')
      .option('--wait', 'stay until it is done, with a progress bar')
      .addHelpText('after', '\nExample:\n  $ reos rescore --wait'),
  async run(context, _args, options) {
    return useSystem(context, { services: true }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const county =
        options.county === undefined ? undefined : (await system.counties()).find(String(options.county)).slug;
      const started = await startRescore(await system.temporal(), {
        tenantId: tenant.id,
        county,
        mode: options.outdated === true ? 'outdated' : 'all',
        dagId: 'score_master',
      });
      const base = { workflow_id: started.workflowId, run_id: started.runId };
      // Parts that were started for this command end with it, so the work is waited for.
      if (options.wait !== true && !system.isOwn) {
        context.output.answer(base, `Started: ${started.workflowId}. Watch it with: reos rescore --wait`);
        return;
      }
      const bar = context.output.bar('re-score');
      const from = Date.now();
      try {
        const end = await started.wait(({ done, total }) => bar.update(done, total));
        const seconds = (Date.now() - from) / 1000;
        context.output.answer(
          { ...base, total: end.total, scored: end.done, changed: end.changed, seconds },
          `${end.done} properties scored again in ${seconds.toFixed(1)} s; ${end.changed} have a new score row.`,
        );
      } finally {
        bar.stop();
      }
    });
  },
  async askRemote({ api, output }, _args, options) {
    const county = options.county === undefined ? {} : { county: String(options.county) };
    const started = await take(
      api.POST('/api/v1/rescores', { body: { ...county, outdated: options.outdated === true } }),
    );
    if (options.wait !== true) {
      output.answer(started, `Started: ${started.workflow_id}. Watch it with: reos rescore --wait`);
      return;
    }
    const bar = output.bar('re-score');
    const from = Date.now();
    try {
      for (;;) {
        const params = { path: { run_id: started.run_id } };
        const { status, problems, ...done } = await take(api.GET('/api/v1/rescores/{run_id}', { params }));
        if (done.total !== null && done.scored !== null) bar.update(done.scored, done.total);
        if (status === 'failed') throw new ReosError('conflict', problems.join(' '));
        if (status === 'success') {
          const seconds = (Date.now() - from) / 1000;
          output.answer(
            { ...started, ...done, seconds },
            `${done.scored} properties scored again in ${seconds.toFixed(1)} s; ${done.changed} have a new score row.`,
          );
          return;
        }
        await sleep(1000);
      }
    } finally {
      bar.stop();
    }
  },
};
