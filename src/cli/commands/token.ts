import { signToken, TOKEN_SCOPES, type TokenScope } from '../../api/bearer.ts';
import { ReosError } from '../../domain/errors.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { wholeOption } from '../train-options.ts';

/** `reos token`: a bearer token of the tenant for the HTTP API. */
export const token: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description("Make a bearer token for the HTTP API: the tenant's, for one purpose, until it expires")
      .option('--scope <name>', `what it is for: ${TOKEN_SCOPES.join(', ')}`, 'predict')
      .option('--days <n>', 'how long it works', '30')
      .addHelpText(
        'after',
        '\nExample:\n  $ curl -H "Authorization: Bearer $(reos token)" …/api/v1/predict/price?county=king-wa\\&sqft=1800',
      ),
  run: (context, _args, options) =>
    useSystem(context, { services: false }, async (system) => {
      const scope = TOKEN_SCOPES.find((name) => name === options.scope);
      if (scope === undefined) {
        throw new ReosError('validation', `--scope: '${String(options.scope)}' is none of ${TOKEN_SCOPES.join(', ')}.`);
      }
      const days = wholeOption('--days', options.days, 1, 365) ?? 30;
      const { settings } = context;
      const tenant = await chooseTenant(context, system.db);
      const { apiTokens } = deriveKeys(readSecret(settings.home, settings.secretKey));
      const expiresAt = Math.floor(Date.now() / 1_000) + days * 86_400;
      const scopes: TokenScope[] = [scope];
      const text = signToken(apiTokens, { tenantId: tenant.id, scopes, expiresAt });
      const expires = new Date(expiresAt * 1_000).toISOString();
      context.output.answer({ token: text, tenant: tenant.slug, scopes, expires_at: expires }, text);
    }),
};
