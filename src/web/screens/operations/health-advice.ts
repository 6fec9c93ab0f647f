/** What each part of the installation is called. */
export const COMPONENT_NAMES: Readonly<Record<string, string>> = {
  api: 'API',
  database: 'Database',
  temporal: 'Temporal',
  storage: 'File store',
  browser: 'Browser',
  model: 'Valuation model',
  system: 'Machine',
};

/** What a state means, in a word or two. */
export const HEALTH_WORDS: Readonly<Record<string, string>> = {
  healthy: 'Works',
  degraded: 'Strained',
  unhealthy: 'Down',
  not_configured: 'Not set up',
};

/** What a part is for, what rests while it is away, and what to do about it. */
export interface Advice {
  purpose: string;
  /** What does not work while it is down. */
  effect: string;
  /** What to do next. */
  next: string;
}

const ADVICE: Readonly<Record<string, Advice>> = {
  api: {
    purpose: 'Answers this dashboard and every program.',
    effect: 'Nothing can be read or ordered.',
    next: 'Look at its log, then start it again: reos up.',
  },
  database: {
    purpose: 'Holds everything: properties, scores, memos, messages.',
    effect: 'Nothing can be read or written; work waits and goes on where it was.',
    next: 'See whether Postgres runs and DATABASE_URL is right: reos doctor. Nothing that was committed is lost.',
  },
  temporal: {
    purpose: 'Decides what happens next, and repeats what failed.',
    effect: 'No property goes on and no schedule runs. What is stored can be read.',
    next: 'See whether the Temporal server answers at TEMPORAL_ADDRESS: reos doctor. Work goes on by itself afterwards.',
  },
  storage: {
    purpose: 'Keeps memos, pages that were read, and uploads.',
    effect: 'Memos cannot be written or opened; properties that need one stop.',
    next: 'See whether the disk is full, or the S3 address and key are right. Then resume what stopped under Failures.',
  },
  browser: {
    purpose: 'Prints memos to PDF.',
    effect: 'No memo can be made; scoring goes on.',
    next: 'Install Chrome or Chromium, or name one with CHROME_PATH; reos doctor shows which were tried.',
  },
  model: {
    purpose: 'Values properties beside the comparables.',
    effect: 'Values come from comparable sales alone. That is honest, but less exact where sales are many.',
    next: 'Train one from your sales: reos train. It is used once it was compared and promoted.',
  },
  system: {
    purpose: 'Memory and disk of the machine that the API runs on.',
    effect: 'With either full, work becomes slow or stops.',
    next: 'Free disk space, or give the machine more memory.',
  },
};

/** What to know about a part; a general word for one that is not known here. */
export function adviceFor(component: string): Advice {
  return (
    ADVICE[component] ?? {
      purpose: 'A part of the installation.',
      effect: 'What rests on it may not work.',
      next: 'Look at its log.',
    }
  );
}
