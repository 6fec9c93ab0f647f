import fc from 'fast-check';

// A fixed seed makes a red build tell of the change alone. Without it every run looks at other examples.
const seed = process.env['FAST_CHECK_SEED'];
if (seed !== undefined && seed !== '') fc.configureGlobal({ seed: Number(seed) });
