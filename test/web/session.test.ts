import { describe, expect, it } from 'vitest';
import { createSessionKeeper, RENEW_BEFORE_MS } from '../../src/web/app/session-keeper.ts';
import { withLease } from '../../src/web/app/tab-lock.ts';

const user = (id: string) => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role: 'admin' as const,
  status: 'active' as const,
  last_login_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
});

/** A server whose refresh tokens work once, and a browser that its tabs share. */
function world() {
  const shared = { text: null as string | null };
  let clock = 1_000_000;
  let issued = 0;
  let valid = '';
  let refreshes = 0;
  let answerStatus: number | 'away' | undefined;
  const answer = (id = 'ada') => {
    issued += 1;
    valid = `refresh-${issued}`;
    return {
      access_token: `access-${issued}`,
      token_type: 'Bearer' as const,
      expires_in: 1_800,
      refresh_token: valid,
      user: user(id),
    };
  };
  const tabs: Array<ReturnType<typeof createSessionKeeper>> = [];
  let queue: Promise<unknown> = Promise.resolve();
  const openTab = () => {
    const tab = createSessionKeeper({
      load: () => shared.text,
      save: (text) => {
        shared.text = text;
        // As browsers do: the other tabs hear of it, later.
        for (const other of tabs) if (other !== tab) setTimeout(() => other.follow(), 0);
      },
      alone: (work) => {
        const next = queue.then(work, work);
        queue = next.catch(() => undefined);
        return next;
      },
      refresh: async (token) => {
        refreshes += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (answerStatus === 'away') throw new TypeError('Failed to fetch');
        if (answerStatus !== undefined) return { status: answerStatus, answer: undefined };
        return token === valid ? { status: 200, answer: answer() } : { status: 401, answer: undefined };
      },
      now: () => clock,
    });
    tabs.push(tab);
    return tab;
  };
  return {
    openTab,
    answer,
    shared,
    pass: (ms: number) => {
      clock += ms;
    },
    answerWith: (status: number | 'away' | undefined) => {
      answerStatus = status;
    },
    refreshes: () => refreshes,
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 15));

describe('the session of a browser', () => {
  it('gives the token as it is while it is fresh, and renews it half a minute before its end', async () => {
    const { openTab, answer, pass, refreshes } = world();
    const tab = openTab();
    tab.begin(answer());
    pass(1_800_000 - RENEW_BEFORE_MS - 1);
    expect(await tab.credential()).toBe('access-1');
    pass(1);
    expect(await tab.credential()).toBe('access-2');
    expect(refreshes()).toBe(1);
  });

  it('renews once, however many requests of however many tabs ask at the same time', async () => {
    const { openTab, answer, pass, refreshes } = world();
    const [one, two] = [openTab(), openTab()];
    one.begin(answer());
    await settle();
    pass(2_000_000);
    const tokens = await Promise.all([
      ...Array.from({ length: 5 }, () => one.credential()),
      ...Array.from({ length: 5 }, () => two.credential()),
    ]);
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(refreshes()).toBe(1);
  });

  it('renews a token that was refused although its time has not come, and takes another tab’s newer one', async () => {
    const { openTab, answer, refreshes } = world();
    const [one, two] = [openTab(), openTab()];
    one.begin(answer());
    await settle();
    expect(await one.credential('access-1')).toBe('access-2');
    expect(await two.credential('access-1')).toBe('access-2');
    expect(refreshes()).toBe(1);
  });

  it('keeps what is on the screen when the session has ended, and goes on after signing in again', async () => {
    const { openTab, answer, answerWith } = world();
    const tab = openTab();
    tab.begin(answer());
    answerWith(401);
    expect(await tab.credential('access-1')).toBeUndefined();
    expect(tab.read()).toMatchObject({ ended: true, session: { user: { id: 'ada' } } });
    expect(await tab.credential()).toBeUndefined();
    answerWith(undefined);
    tab.begin(answer());
    expect(tab.read()).toMatchObject({ ended: false });
    expect(await tab.credential()).toBe('access-2');
  });

  it('goes on in every tab when one of them has signed in again', async () => {
    const { openTab, answer, answerWith } = world();
    const [one, two] = [openTab(), openTab()];
    one.begin(answer());
    await settle();
    answerWith(401);
    await Promise.all([one.credential('access-1'), two.credential('access-1')]);
    answerWith(undefined);
    two.begin(answer());
    await settle();
    expect(one.read()).toMatchObject({ ended: false, session: { accessToken: 'access-2' } });
  });

  it('tries the old token while the server is busy, and says so when it is away', async () => {
    const { openTab, answer, answerWith, pass } = world();
    const tab = openTab();
    tab.begin(answer());
    pass(2_000_000);
    answerWith(503);
    expect(await tab.credential()).toBe('access-1');
    answerWith('away');
    await expect(tab.credential()).rejects.toThrow(TypeError);
    expect(tab.read()).toMatchObject({ ended: false });
    answerWith(undefined);
    expect(await tab.credential()).toBe('access-2');
  });

  it('is over in every tab after a sign-out, also for a renewal that is under way', async () => {
    const { openTab, answer, pass } = world();
    const [one, two] = [openTab(), openTab()];
    one.begin(answer());
    await settle();
    pass(2_000_000);
    const renewal = two.credential();
    one.end();
    expect(await renewal).toBeUndefined();
    await settle();
    expect(one.read()).toBeNull();
    expect(two.read()).toBeNull();
  });

  it('tells when it is another person, before anybody reads the new state', async () => {
    const { openTab, answer } = world();
    const tab = openTab();
    const heard: string[] = [];
    tab.subscribe(() => heard.push('state'));
    tab.onUserChange(() => heard.push(`user ${tab.read()?.session.user.id ?? 'nobody'}`));
    tab.begin(answer('ada'));
    tab.begin(answer('ada'));
    tab.begin(answer('bob'));
    tab.end();
    expect(heard).toEqual(['user ada', 'state', 'state', 'user bob', 'state', 'user nobody', 'state']);
  });

  it('takes anything else than a session in the storage for none', () => {
    const { openTab, shared } = world();
    for (const text of ['', 'null', '{"refreshToken":1}', '{"refreshToken":"x"}', 'not json']) {
      shared.text = text;
      expect(openTab().read()).toBeNull();
    }
  });
});

describe('one tab at a time without Web Locks', () => {
  it('lets the others wait, and takes over from a tab that has died', async () => {
    const map = new Map<string, string>();
    const storage = {
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
    };
    let clock = 0;
    const sleep = (ms: number) =>
      new Promise<void>((resolve) => {
        clock += ms;
        setTimeout(resolve, 0);
      });
    map.set('lock', `dead ${clock + 500}`);
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLease(storage, 'lock', work, sleep, () => clock)));
    expect(most).toBe(1);
    expect(clock).toBeGreaterThanOrEqual(500);
    expect(map.size).toBe(0);
  });
});
