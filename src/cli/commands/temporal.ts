import { spawn } from 'node:child_process';
import { reosHome } from '../../runtime/home.ts';
import { findTemporalBinary } from '../../runtime/temporal-binary.ts';
import { useSystem } from '../context.ts';
import type { Verb } from '../main.ts';

/** `reos temporal …`: the temporal CLI that was found, with the right address. */
export const temporal: Verb = {
  localOnly: 'It runs the temporal program of this machine.',
  describe: (command) =>
    command
      .description('Run the temporal CLI against this system')
      .argument('[args...]', 'arguments of the temporal CLI')
      .allowUnknownOption()
      .passThroughOptions()
      .helpOption(false)
      .addHelpText('after', '\nExample:\n  $ reos temporal workflow list'),
  async run(context, args) {
    const { settings, output } = context;
    return useSystem(context, { services: false }, async (system) => {
      const binary = await findTemporalBinary(reosHome(settings.home), {
        env: settings.env,
        onProgress: output.progress,
      });
      const env = { ...settings.env, TEMPORAL_ADDRESS: system.temporalAddress };
      return new Promise<number>((resolve, reject) => {
        const child = spawn(binary.path, args, { env, stdio: 'inherit' });
        child.once('error', reject);
        child.once('exit', (status) => resolve(status ?? 1));
      });
    });
  },
};
